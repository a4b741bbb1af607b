"""Tells what is said to us instead of answering: a request, a fault, distress. It errs towards an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType
from typing import Literal, get_args

from ai.aside_stories import is_story, may_answer
from ai.text import content_stems, plain, words

AsideKind = Literal["rephrase", "help", "fault", "distress", "other"]
KINDS: tuple[AsideKind, ...] = get_args(AsideKind)
MOST_WORDS, MOST_WORDS_BESIDE, MOST_STEMS_BESIDE = 60, 9, 2
SENTENCE = re.compile(r"[^.!?\n;¿¡]+[.!?]*")
REPORTED = re.compile(
    r"""["“”„«»]|\b(?<!may\ )(?<!can\ )(?<!must\ )(?<!could\ )(?<!should\ )(?<!to\ )(?<!before\ )(?:i|we|you|they|he|she)(?:'d|\ would|\ will|'ll|\ always|\ usually|\ often|\ then)?\ (?:ask(?:ed)?|say|said|told|tell|answer(?:ed)?|repl(?:y|ied))\b
    |\b(?:is\ what|is\ how|that\ is\ (?:what|how|my)|because|means\ that|so\ (?:i|we|the|that|it)\b(?!\ nervous|\ anxious)|if\ (?:the|a|my|our|they|he|she)\b)""",
    re.VERBOSE,
)
PLEASE = r"(?:sorry|excuse me|pardon(?: me)?|hi|hello|hey|okay|ok|well|um+|uh+|hmm+|ah|oh|please|thanks|thank you|but|and|so|actually|honestly|again|entschuldigung|verzeihung|hallo|danke|bitte|hola|perdón|gracias|por favor|bonjour|pardon|désolée?|merci)"
LEAD = rf"^(?:{PLEASE}[\s,.!-]*)*"
END = r"(?:[\s,]*(?:please|again|sorry|thanks?(?: you)?|for me|to me|once more|one more time|right now|at the moment|now|today|here|at all|first|instead|properly|correctly|yet|anymore|any more|before i answer|about that|on my (?:laptop|phone|computer|tablet|side|end)|because of my \w+))*[\s.!?]*$"
ASK = r"(?:(?:could|can|would|will|may|might) (?:you|i|we|someone|somebody|anyone|anybody)(?: please| maybe| possibly| kindly| also| just)?|would you mind|please|(?:is|would) it (?:be )?(?:possible|okay|ok|all right|fine) (?:if i|to|for me to)|i(?:'d| would) like (?:you )?to|i want to|i need (?:you )?to)"
QUESTION = r"(?:it|(?:the|that|this|your|last|whole|first)(?: (?:last|whole|first))*(?: (?:question|part|bit|sentence|task|thing|word))?|question)"
THING = r"(?:(?:the|that|this|your|my|our) )(?:\w+ )?"
DEVICE = r"(?:micro(?:phone)?|mic|headset|headphones?|speakers?|camera|webcam|audio|sound|video|voice|keyboard|mouse|screen|page|website|site|internet|connection|wi-?fi|button|send button|timer|clock|recording|recorder|text ?box|transcript\w*)"
OWN = r"(?:(?:my|your|this) (?:app|browser|computer|laptop|tablet|phone|network|system|link|program|tool|form))"
BROKEN = r"(?:(?:does|do|did)(?: not|n't) (?:work|load|open|respond|react|record|start|connect|move|show|play|let me \w+)\b(?: \w+){0,2}|(?:is|are|was)(?: not|n't) (?:working|loading|responding|recording|connected|opening|playing)|(?:is|was) (?:broken|frozen|stuck|blank|dead|gone|empty|muted|white|black|down|wrong|too quiet|cut off|offline)|(?:has )?(?:froze|crashed|broke(?: down)?|stopped(?: working| by itself| recording)?|disappeared|went (?:down|blank|black|off|away)|cut (?:out|off)|ran out(?: too early| although i \w+ (?:still )?\w+)?|hung|failed|disconnected|dropped(?: out)?)|keeps? (?:cutting (?:out|off)|dropping|freezing|crashing|reloading|disconnecting)(?: out)?|won't (?:work|load|open|start|record|connect))"
PATTERNS: MappingProxyType[AsideKind, tuple[str, ...]] = MappingProxyType(
    {
        "distress": (
            r"i (?:can't|cannot|can not) (?:do (?:this|it)|go on|breathe|take (?:this|it)|continue|stop (?:crying|shaking)|think(?: straight| clearly)?|cope)(?: any ?more| today| like this)?",
            r"i (?:feel|am feeling|'m feeling)(?: really| very| so| too| a bit| quite)? (?:sick|ill|dizzy|faint|awful|terrible|overwhelmed|unwell|panicky|bad|anxious|nervous|stressed|lost)",
            r"i (?:don't|do not) feel (?:well|good|ok|okay|so well)|i(?:'m| am) not feeling (?:well|good|ok|okay|so well)|this is (?:all )?(?:just )?too much(?: for me)?",
            r"i(?:'m| am) so (?:nervous|stressed|anxious|upset|tired)(?: that)? i (?:can't|cannot) (?:think|speak|breathe|concentrate|remember|go on)(?: \w+){0,2}",
            r"i(?:'m| am)(?: really| very| so| too| a bit| quite| just)* (?:nervous|anxious|scared|stressed|overwhelmed|panicking|crying|upset|shaking|freaking out|exhausted|unwell|ill|sick)(?: to (?:go on|continue|answer|think))?",
            r"(?:i think )?i(?:'m| am) (?:having|about to have) a (?:panic|anxiety|heart|asthma) attack",
            r"i (?:think|thought|am thinking|keep thinking|have thoughts|feel like)(?: a lot)? ?(?:about|of)? (?:suicide|killing myself|ending (?:it|my life)(?: all)?|hurting myself|dying)|i(?:'m| am) in a (?:very |really )?(?:dark|bad) place",
            r"i(?:'m| am) (?:about to (?:faint|cry|collapse|pass out|throw up|be sick)|having a (?:breakdown|seizure|meltdown|stroke))|i(?:'m| am| feel)(?: really| very| so| too)* (?:anxious|nervous|scared|stressed|uneasy|afraid|bad|unsure) (?:about|of) this(?: interview)?|i feel like crying|(?:everything|my head) hurts|i (?:can't|cannot) concentrate",
            r"i (?:want to|will|am going to) (?:die|kill myself|end (?:it|my life)|hurt myself|harm myself)|i (?:don't|do not) want to live(?: any ?more)?",
            r"my (?:mother|father|mum|mom|dad|wife|husband|child|son|daughter|brother|sister|friend|grand\w+|dog|cat) (?:has )?(?:just )?(?:died|passed away)(?: today| yesterday| this week| this morning| last night)?",
            r"(?:ich kann (?:das )?nicht mehr|mir (?:ist schlecht|geht es nicht gut)|ich bin (?:so|sehr|zu) (?:nervös|aufgeregt)|no puedo más|me siento mal|estoy muy nervios[oa]|je n'en peux plus|je me sens mal|je suis trop (?:nerveux|nerveuse|stressée?))",
        ),
        "help": (
            rf"{ASK} (?:speak|talk|chat|write|do (?:this|it)|have (?:this|it)|get (?:in touch|connected))(?: (?:to|with))? (?:a |an |some)?(?:real |live |human )*(?:person|human(?: being)?|someone|somebody|one|recruiter|interviewer|agent|people)(?: \w+){{0,4}}",
            r"is there (?:a (?:real )?(?:person|human)|someone|somebody|anyone|anybody)(?: (?:i|that|who|to|can|could|speak|talk|help|me|there|here|with))*",
            rf"(?:{ASK} )?(?:help|assist) (?:me|us)(?: with (?:this|it))?|help|{ASK} (?:call|ring|contact|phone) (?:me|us)|{ASK} help",
            r"i(?:'d| would) (?:rather|prefer to) (?:talk|speak|write) (?:to|with) (?:a|some)(?: real)? ?(?:person|human|one|body)|(?:please )?(?:connect|transfer|put) me (?:with|to|through to) (?:a |an |some)?(?:real )?(?:person|human|agent|one|body)",
            r"i (?:can't|cannot) (?:use|move) my (?:hands?|arms?|fingers|voice|eyes)|i have (?:epilepsy|parkinson's|a migraine|a cold|lost my voice)|the page flickers|english is not my (?:first|native|mother) (?:language|tongue)",
            r"i(?:'m| am) (?:a wheelchair user|in a wheelchair)|my (?:speech|hearing|sight|vision) is (?:impaired|bad|poor|limited)",
            r"i (?:don't|do not) want to (?:talk|speak|write) to (?:a |an )?(?:machine|robot|bot|ai|computer|algorithm)",
            r"i(?:'m| am) (?:a )?(?:deaf|blind|hard of hearing|partially sighted|dyslexic|colou?r[- ]?blind|visually impaired|hearing impaired|autistic|disabled|mute|deafblind|stutterer)(?: and (?:i )?(?:use|need|have) (?:a |an )?[\w -]{3,30})?",
            r"i (?:have|'ve got|suffer from) (?:a |an )?(?:severe |mild |\w+ )?(?:dyslexia|adhd|autism|stutter|stammer|(?:hearing|visual|speech|sight) (?:impairment|loss|problem)|impairment|disability|tinnitus)(?: and (?:i )?(?:need|use|cannot|can't) [\w -]{3,40})?",
            r"i (?:stutter|stammer|use a screen reader|lip-?read)",
            r"i (?:need|require|would need)(?: a bit)? (?:more time|extra time|a (?:short |little |quick )?break|an? (?:sign language |\w+ )?interpreter|help|assistance|subtitles|captions|an? accommodation|a (?:pause|minute))",
            rf"{ASK} (?:have|get|take) (?:some |a bit )?(?:more time|extra time|a (?:short |little |quick )?(?:break|pause)|help|subtitles|captions)",
            rf"{ASK} (?:type|write|speak|talk)(?: (?:instead|my answers?))?",
            r"(?:kann|könnte|darf) ich (?:bitte )?mit (?:einem menschen|einer person|jemandem) (?:sprechen|reden)|ich bin (?:schwerhörig|gehörlos|taub|blind|sehbehindert)|(?:können sie|kann) (?:mir )?(?:jemand )?(?:bitte )?helfen",
            r"(?:puedo|podría) hablar con (?:una persona|alguien|un humano)|soy (?:sord[oa]|cieg[oa])|(?:puis-je|est-ce que je peux|je peux) parler (?:à|avec) (?:une personne|quelqu'un|un humain)|je suis (?:sourde?|aveugle|malentendante?)",
        ),
        "fault": (
            rf"(?:(?:{THING}|there is something wrong with {THING}|the )?{DEVICE}|{OWN}) {BROKEN}(?: and i (?:lost|cannot|can't) [\w ]{{2,30}})?",
            rf"{THING}?(?:sound|audio|video|voice|connection|picture)(?: quality)? (?:is|was)(?: very| too| really| so)* (?:bad|quiet|loud|low|noisy|unclear|distorted|slow|poor|weak)(?: (?:for me|to (?:hear|understand)))?",
            r"it (?:says|shows)(?: that)? (?:the |my |no )?(?:microphone|mic|camera|error|connection|page|file)[\w ]{0,30}|(?:the|my) (?:text|answer|question|words?|page) (?:has |have )?(?:disappeared|vanished|(?:is|are|was) (?:gone|deleted|missing|lost))",
            r"i hear (?:an |a |only |just )?(?:echo|noise|static|crackling|beep\w*)|there(?:'s| is) (?:a lot of |some )?background noise(?: (?:here|around me))?|(?:the )?(?:volume|text|font|sound) is (?:too|very) (?:low|small|quiet|loud)|the (?:send )?button is (?:grey|gray|greyed out|disabled|missing)|i (?:can't|cannot) record|it keeps (?:saying|crashing|freezing|reloading)[\w ]{0,25}|i (?:accidentally )?closed the (?:tab|window|page)(?: by (?:mistake|accident))?|(?:your|the) question (?:got|was|is) cut off|my hearing aid[\w ']{2,25}|my (?:mic|microphone|camera) (?:was|is) (?:muted|off|covered)(?: the whole time)?",
            rf"i(?:'m| am)? (?:having|have|got|having some|have some)(?: some| a)? (?:trouble|problems?|issues?|difficult\w+) with {THING}?{DEVICE}",
            r"(?:the|this|your) (?:page|website|site|screen) (?:says|shows|reports|gives me)(?: me)?(?: that)?(?: there is)?(?: an?)? (?:error|problem|warning)[\w ]{0,30}",
            r"i (?:can't|cannot|can not|couldn't) (?:see|find|open|click|use|type(?: in)?|select|press)(?: (?:on|in|into))? ?(?:the|my|your|a|any)? ?(?:text ?box|box|field|button|keyboard|answer|send|page|anything)",
            r"(?:there(?:'s| is) (?:no|something wrong with (?:the|my)) (?:sound|audio|picture|microphone|internet|page))",
            r"i (?:can't|cannot|can not|don't|do not|couldn't) (?:hear|see|read)(?: (?:you|anything|it|the (?:whole )?(?:question|text|screen|rest)|a thing|any sound|the sound))*",
            r"(?:nothing happens|it does nothing)(?: (?:when|if) i (?:press|click|push|tap|speak|talk)(?: (?:on )?(?:the|that|this|send|speak)?(?: ?\w+)?(?: button)?)?)?",
            r"(?:can|could|do) you (?:hear|see|read) (?:me|this)",
            r"is (?:this|it) (?:thing )?(?:on|working|recording)",
            r"(?:testing|test)(?:,? (?:testing|test|one|two|three|1|2|3))*",
            r"i (?:pressed|hit|clicked|sent)(?: (?:it|that|this|on|send|enter|the|my|answer|button|wrong|too))*(?: (?:by (?:mistake|accident)|accidentally|too (?:early|soon)|before i (?:was done|had finished)))",
            r"something (?:went|is going|is) wrong(?: here| with the page)?|it (?:does not|doesn't|won't) (?:record|hear|let) (?:me|my \w+|anything)|(?:it|everything) (?:froze|crashed|is frozen)|i lost my (?:text|answer|connection)|my (?:answer|text) (?:is gone|was lost|disappeared)",
            r"(?:das|mein|die|meine|der) (?:mikrofon|mikro|ton|seite|kamera|kopfhörer|headset|verbindung|bildschirm|internet) (?:funktioniert|geht|lädt|reagiert|ist)(?: \w+)? ?(?:nicht|kaputt|weg|abgestürzt)?|ich (?:höre|sehe) nichts|ich kann (?:nichts|sie nicht|die frage nicht) (?:hören|sehen|lesen)",
            r"(?:el|mi|la) (?:micrófono|micro|sonido|audio|página|pantalla|conexión|cámara) no (?:funciona|carga|se oye|va|responde)|no (?:se )?(?:oigo|oye|veo|ve) nada|no hay sonido",
            r"(?:le|mon|la|ma) (?:micro(?:phone)?|son|page|écran|caméra|connexion|casque) ne (?:marche|fonctionne|charge|répond)(?: pas| plus)|je n'entends (?:rien|pas)|je ne vois rien|il n'y a pas de son",
        ),
        "rephrase": (
            rf"{ASK} (?:re-?phras|repeat|re-?word|re-?formulat|clarif|simplif|explain|elaborat|specif|re-?stat)\w*(?: on)?(?: {QUESTION})?(?: (?:it|what you mean|what (?:that|this|it|the question) means|a (?:bit|little)(?: more)?|more|further|differently|in (?:other|simpler|easier|different|plain) words))*",
            rf"{ASK} (?:say|ask|put|word|phrase|read)(?: out)?(?: {QUESTION})?(?: it)?(?: again| differently| another way| once more| more (?:clearly|slowly|simply)| slower| in (?:other|simpler|easier|different|plain) (?:words|terms|way)| in a(?:nother| different| simpler) way)+",
            rf"{ASK} (?:be (?:a (?:bit|little) )?more (?:specific|precise|concrete|exact)|give me (?:an example|a hint|more (?:context|details?|information))|have an example|hear (?:that|it|the question)|see the question|tell me what (?:you mean|that means|this means))(?: again)?",
            r"what (?:exactly )?(?:do you|d'you|did you) (?:mean|want(?: to know)?|want me to (?:say|do))(?: exactly)?(?: (?:by|with) (?:that|this|it|the question|[\w-]+))?(?: exactly)?",
            r"what (?:does|do) (?:that|this|it|the question|you)(?: even| exactly)? mean|what (?:exactly )?(?:are|were) you (?:asking|asking for|after|looking for)(?: exactly| here)?|what is meant(?: by (?:that|this))?",
            r"(?:what was|what's|what is|can i hear|say) (?:the|that|your) question(?: again)?|come again|pardon(?: me)?|say (?:that|it) again|once (?:more|again)|one more time|repeat(?: (?:that|it|the question))?|(?:please )?rephrase(?: (?:that|it|the question))?|what\?|sorry\?|excuse me\?",
            r"i (?:do not|don't|didn't|did not|can't|cannot|could not|couldn't)(?: quite| really| fully| even| exactly)* (?:understand|get|follow|catch|hear|grasp)(?: (?:the|this|that|your|what|you|you're|are|is|was|question|it|asking|mean|meant|want|wanted|from|me|part|last|word|of|said|to|know|here))*",
            r"i (?:do not|don't) know what (?:you mean|that means|this means|you want(?: from me)?|the question means)",
            r"(?:i(?:'m| am) )?(?:not sure|unsure|not certain)(?: that| if| whether)? ?(?:i (?:quite |really |fully )?(?:understand|understood|get|got|follow)(?: (?:the|this|that|your|what|you|you're|are|question|it|asking|mean))*|what (?:you(?:'re| are) asking|you mean|the question (?:is|means)|is meant)(?: here| exactly)?)",
            r"(?:sorry|excuse me|pardon)[, ]+(?:but )?what (?:is|are|does|do) (?:an? |the )?[\w -]{2,40}\?|(?:could|can) you define [\w -]{2,30} for me",
            r"i (?:can't|cannot|could not|couldn't) make (?:any )?sense of (?:this|the|your|that)(?: question)?|(?:could|can|would) you (?:please )?spell [\w ]{2,25}|(?:please )?use (?:easier|simpler|plain) (?:english|words|language)|i(?:'m afraid i)? (?:don't|do not) follow|i (?:don't|do not) know (?:that|this) word|(?:can|could|may) i (?:get|have) a hint|i missed (?:that|the question|it|what you said)|i (?:lost|forgot) (?:my train of thought|the question|what the question was)|(?:uh|um|sorry|huh)?,? ?what\?",
            r"is there (?:a|an|any|another) (?:simpler|easier|other|different|better)? ?(?:way|word|wording) (?:to|of) (?:ask|say|put|phras)\w*(?: (?:this|it|that|the question))?|(?:get|have) the question (?:in|on) [\w ]{2,20}",
            r"i(?:'m| am)(?: a bit| a little| quite)? confused(?: by (?:the|this|your) question| about (?:the|this|your) question)?",
            r"(?:the|this|your) question (?:is|seems|sounds)(?: not| n't|n't| a bit| too| very| really)* (?:clear|unclear|confusing|vague|understandable|ambiguous|clear to me)(?: to me)?",
            r"(?:do|did) you mean [\w ,'-]{2,60}(?: or [\w ,'-]{2,40})?\?|(?:are|were) you asking (?:about|whether|if|for|me) [\w ,'-]{2,80}\?|is (?:the|this|your) question about [\w ,'-]{2,80}\?",
            r"(?:könnten|können|würden) sie (?:mir )?(?:bitte )?(?:die frage|das|es)? ?(?:bitte )?(?:noch ?(?:ein)?mal )?(?:bitte )?(?:anders )?(?:wiederholen|umformulieren|formulieren|erklären|sagen|stellen|erläutern)|ich (?:verstehe|habe) (?:die|ihre|diese) frage (?:leider )?nicht(?: verstanden)?|das (?:habe|verstehe) ich (?:leider )?nicht(?: ganz)?(?: verstanden)?|was meinen sie(?: damit| genau)*|wie bitte|was heißt das|wie meinen sie das",
            r"(?:puede|podría|puedes|podrías) (?:usted )?(?:repetir|reformular|aclarar|explicar)(?:me)?(?: (?:la|esa|su|pregunta|eso|lo|mejor|otra vez|con otras palabras))*|no (?:entiendo|entendí|he entendido|comprendo)(?: bien)? (?:la|su|esta) pregunta|qué quiere(?:s)? decir(?: con eso)?|cómo\?|perdón\?",
            r"(?:pouvez|pourriez|peux|pourrais)[- ](?:vous|tu) (?:répéter|reformuler|expliquer|préciser|clarifier)(?: (?:la|cette|votre|question|cela|ça|s'il vous plaît|autrement))*|je (?:ne )?(?:comprends|saisis) pas (?:bien )?(?:la|cette|votre) question|je n'ai pas compris (?:la|votre) question|que voulez-vous dire(?: par là)?|qu'est-ce que (?:ça|cela) veut dire",
        ),
        "other": (
            rf"(?:{ASK}|should i|do i have to|must i|am i allowed to|is it (?:okay|ok|possible|allowed|fine) (?:if i|to)) (?:skip|pass(?: on)?|come back to|go back to|return to|answer|start (?:again|over)|redo|change|use (?:notes|google|the internet|a calculator)|take notes|look (?:it|that|this|things) up|stop|leave|pause|reply|respond)(?: (?:it|this|that|the|my|last|previous|one|question|answer|to|in|full|sentences|german|english|spanish|french|later|again|now|here|with|an|example|detail|short|bullet|points))*",
            r"how (?:many (?:more )?questions (?:are|do i have|will there be|come)(?: (?:there|left|in total|still|to come))*|much time (?:is|do i have)(?: left)?)|how (?:long|much(?: time)?|detailed|short|many (?:words|questions|minutes)) (?:should|must|can|do|does|is|are|will|may) (?:i|my|this|the|there|we|it)(?: (?:answers?|interview|questions?|be|take|have|left|to|more|for|still|come|go|write|say|answer|speak))*(?<!does it take)(?<!is it)(?<!will it take)",
            r"(?:are you|am i (?:talking|speaking|writing) (?:to|with)) (?:a |an )?(?:real |actual )*(?:person|human(?: being)?|robot|bot|ai|machine|computer|chatbot)",
            r"i have a (?:quick |short )?question|i (?:have|need) to (?:go|leave|stop)|i (?:have )?already answered (?:this|that|the)(?: question)?(?: before)?|will i (?:get|receive|see|have) (?:any |some |my |a |the )?(?:feedback|results?|score|answer|break|copy|recording)|do you want (?:me to [\w ]{2,40}|an? (?:short |long |real )?(?:example|answer)[\w ]{0,30})\?|who (?:will |is going to |can |does )?(?:reads?|sees?|hears?|listens? to|rates?|gets?|is reading|is listening to)(?: to)? (?:this|that|it|my (?:answers?|recording|data)|me)|who are you|who am i (?:talking|speaking) (?:to|with)|is it (?:ok|okay|possible|allowed|fine) (?:to|if i) (?:use|speak|write|switch)[\w ]{0,30}",
            r"(?:is|am|are|will) (?:this|i|my answers?|this interview)(?: be| being)* (?:recorded|graded|rated|saved|stored|scored)",
            r"what (?:happens|will happen|do you do) (?:to|with) (?:my|this|the) (?:data|answers?|recordings?|voice)",
            r"(?:wait|hold on|hang on|just)?,? ?(?:a|one|just a|just one|give me a|give me one|bear with me(?: for)? a|i need a|(?:can|could|may) i (?:have|get|take) (?:a|one)) (?:moment|second|sec|minute)|wait|hold on|hang on",
            r"(?:kann|darf|soll|muss) ich (?:die|diese|das|auf|in) [\w ]{0,20}?(?:frage )?(?:überspringen|auslassen|antworten|zurückkommen)|einen moment(?: bitte)?|wie lange? (?:soll|habe|dauert)[\w ]{0,30}",
            r"puedo (?:saltar(?:me)?|omitir|responder|contestar)[\w ]{0,30}|un momento(?: por favor)?|(?:puis-je|je peux) (?:passer|sauter|répondre)[\w ]{0,30}|un (?:moment|instant)(?: s'il vous plaît)?",
        ),
    }
)
# Rules for what nobody lists: a question about this interview to us, or words about the one who speaks and what they sit at.
HERE = r"(?:(?:the|this|that|your|my|last|next) (?:question|interview|microphone|mic|camera|timer|time limit)|my answers|a break|a hint)"
ASKS_US = re.compile(
    rf"{LEAD}(?:(?:when|what|which|who|where|how|why) )?(?:can|could|may|might|should|must|shall|will|would|do|does|did|is|are|am)(?: i| you| we| it| there| my answers?)\b(?=[^?]*\b{HERE}\b)[^?]*\?$"
    rf"|{LEAD}is there (?:a|an|any|another|no) (?:[\w-]+ ){{0,3}}(?:break|hint|time limit|interpreter|(?:way|number) (?:\w+ ){{0,3}}(?:i|for me|to (?:ask|answer|reach|call|contact))\b)[^?]*\?$"
    rf"|{LEAD}(?:do|did|can|could|will|would) you (?:record|see|hear|rate|grade|store|keep|remember) (?:me|my answers?|this)\b[^?]*\?$"
    rf"|{LEAD}(?:when|how) (?:will|do|can|would) i (?:hear (?:back|from you)|get (?:the|my) (?:results?|feedback)|skip|send|submit|start|stop|pause)\b[^?]*\?$"
    rf"|{LEAD}what(?:'s| is) your name\?$|{LEAD}are we (?:done|finished)\?$|{LEAD}(?:can|could|may) we (?:continue|stop|go on|start)(?: \w+){{0,3}}\?$"
    rf"|{LEAD}(?:should|do|can|may) i (?:speak|type|talk|write)(?: or (?:speak|type|talk|write))?\?$|{LEAD}(?:which|what kind of|what sort of) [\w ]{{2,30}} (?:do|did) you (?:mean|want|expect|have in mind)\?$"
)
RULES = MappingProxyType(
    {
        kind: re.compile(rf"{LEAD}(?:{'|'.join(f'(?:{part})' for part in parts)}){END}")
        for kind, parts in PATTERNS.items()
    }
)
ONLY_POLITE = re.compile(rf"^(?:{PLEASE}[\s,.!?-]*)*$")
BESIDE_WORDS = (
    "sorry honestly really unfortunately question answer think just know sure afraid try tried again minute time reload restart "
    "twice times several working currently please thank thanks problem help apologies browser test help interview here now today"
)
BESIDE = frozenset(stem for word in BESIDE_WORDS.split() for stem in content_stems(word))


def aside_kind(text: str, *, question: str = "") -> AsideKind | None:
    """Return what kind of aside a text is: all of it has to be said to us, and next to nothing beside.

    `rephrase` asks what is meant, `help` for a person, time or another way, `fault` tells that something does not work, `distress`
    that somebody is not well, `other` asks about the interview. An answer that holds such a sentence is an answer, and so is a story of
    another fault, or what the `question` that was asked may be asking for.
    """
    told = " ".join(plain(text).casefold().split())
    if not told or len(words(told)) > MOST_WORDS or REPORTED.search(told):
        return None
    pieces = [part.strip() for part in _parts(told) if words(part)]
    kinds = [_kind_of(part) for part in pieces]
    found = [kind for kind in kinds if kind]
    rest = [part for part, kind in zip(pieces, kinds, strict=True) if kind is None]
    if not found or not _is_next_to_nothing(rest):
        return None
    if is_story(pieces, kinds) or may_answer(question, pieces, kinds):
        return None
    return min(found, key=list(PATTERNS).index)


def _parts(told: str) -> Sequence[str]:
    """Cut a text into sentences, and a sentence that is none of ours at its commas."""
    return [
        part
        for sentence in SENTENCE.findall(told)
        for part in (
            [sentence] if _kind_of(sentence.strip()) else re.split(r",| - | and | but ", sentence)
        )
    ]


def _kind_of(sentence: str) -> AsideKind | None:
    found = next((kind for kind, rule in RULES.items() if rule.search(sentence)), None)
    return found or ("other" if ASKS_US.search(sentence) else None)


def _is_next_to_nothing(rest: Sequence[str]) -> bool:
    left = " ".join(part for part in rest if not ONLY_POLITE.search(part))
    few = len(words(left)) <= MOST_WORDS_BESIDE
    return few and len(content_stems(left) - BESIDE) <= MOST_STEMS_BESIDE
