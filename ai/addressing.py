"""Finds sentences that speak to the rater, in English, German and Spanish, also where they are disguised.

A finding flags; it never lowers a score. False alarms are cheap and reported by `manage.py judge_quality --attacks`.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ai.language import SMALL_WORDS
from ai.text import addresses_rater, plain, words

RATER = (
    r"(?:ai|ki|ia|a\.i\.|llm|chatgpt|gpt|gemini|bot|(?:language|ai|grading|scoring|rating) (?:model|system|engine|tool|software)"
    r"|model\b|assistant|grader|rater|marker|evaluator|assessor|examiner|judge|reviewer|interviewer|scoring (?:system|engine)"
    r"|sprachmodell|assistent|prüfer\w*|bewerter\w*|gutachter\w*|korrektor\w*|bewertungssystem|prüfsystem|system"
    r"|evaluador\w*|calificador\w*|examinador\w*|corrector\w*|modell|modelo(?: de lenguaje)?|asistente|sistema)"
)
RULES = (
    r"(?:instructions?|directions|prompts?|rubrics?|guidelines|criteria|criterion|anchors?|polic(?:y|ies)|safeguards|restrictions"
    r"|(?:\w+ )?rules|what you were told|system message"
    r"|anweisung\w*|instruktion\w*|vorgaben?|regeln?|regelwerk|kriterien|richtlinien?|bewertungs\w+|anker\w*|auftrag|rubrik|systemnachricht"
    r"|instrucci[oó]n\w*|indicaciones|reglas?|criterios?|r[uú]bricas?|pautas?|directrices|restricciones|anclas?|mensaje del sistema)"
)
DROP = (
    r"(?:ignor\w*|disregard\w*|forget|overrid\w*|overwrit\w*|bypass\w*|(?:skip|drop|discard|replace|set aside|cancel|suspend)(?= (?:all|any|your|these|those|every\w*|what|whatever|(?:the |my )?(?:previous|earlier|above|prior|rubric|criteri\w+|anchors|prompt|scoring|rating|grading|evaluation|system)))|do not (?:use|apply|follow)"
    r"|don't (?:use|apply|follow)|no longer appl\w*|stop (?:using|following|applying)"
    r"|ignorier\w*|vergiss|vergessen|missacht\w*|übergeh\w*|überspring\w*|verwirf|verwerfen|ersetze\w*|setze?\w* .{0,40}außer kraft|außer kraft|aufgehoben|hebe .{0,40}auf"
    r"|gilt nicht mehr|gelten nicht mehr|nicht (?:mehr )?(?:anwenden|befolgen|beachten)|lass .{0,40}(?:weg|beiseite)|streiche"
    r"|ignor[ae]\w*|olvid\w*|descart\w*|omit\w*|salt[ae]\w*|anul\w*|reemplaza\w*|sustituye|deja de (?:usar|aplicar|seguir)|no (?:uses|apliques|sigas|tengas en cuenta)|quedan? sin efecto|ya no (?:valen|rigen|se aplican))"
)
NO_HOUR = r"(?<!\bat )(?<!\bby )(?<!\bto )(?<!\btill )(?<!\bafter )(?<!\bbefore )(?<!\baround )(?<!\bevery )(?<!\bout of )(?<!\bum )(?<!\bbis )(?<!\blas )(?<! y )"
AS_MARK = r"(?! ?%|-\w)(?= ?(?:$|[.,;:!?)\"'\n])| (?:for|on|in|here|out|from|and|or|as|at|because|since|please|without|over|across|straight|right|now|anyway|to (?:the|this|my|me|that|it))\b)"
VOID = (
    r"(?:no longer (?:appl\w*|count\w*|valid|bind\w*)|void|(?<!about )cancell?ed(?! each)|suspended|overridden|revoked|outdated|(?:do not|don't|please do not) (?:use|apply|follow|count)"
    r"|(?:are|is|were|was|be|been) (?:\w+ )?(?:ignored|disregarded|overwritten|discarded|replaced|set aside)|(?:ignore|disregard|forget|bypass|skip) (?:them|it|these|those|that|all)"
    r"|override the old|ignorier\w*|vergiss|missacht\w*|übergeh\w*|überspring\w*|verwirf|außer kraft|aufgehoben|ersetzen die|g(?:i|e)lte?n? nicht mehr|nicht (?:mehr )?(?:anwenden|befolgen|beachten)"
    r"|anul\w*|ignora\w*|olvida\w*|quedan? sin efecto|ya no (?:valen|rigen|se aplican)|no (?:uses|apliques|sigas|tengas en cuenta))"
)
NOT_OURS = r"(?<!\bi )(?<!\bwe )(?<!\bi'd )(?<!\bwe'd )(?<!\bi would )(?<!\bwe would )(?<!\bthey )(?<!\bi'll )(?<!\bwe'll )"
TOP = (
    r"(?:(?:level|score|grade|rating|mark|stufe|note|wert|nivel|nota|puntuaci[oó]n|calificaci[oó]n)(?:\s*[:=\"']+\s*|\s+(?:of|is|von|de|to|auf|a|als)?\s*)[\"']?(?:5|five|fünf|cinco|10|ten|100|top|max\w*|m[aá]xim\w*)"
    r"|(?:5|five|ten|10|100|fünf|cinco|cien|diez) ?(?:/|out of|von|de) ?(?:5|five|10|ten|100|fünf|cinco|cien|diez)"
    rf"|a (?:5|five|10|ten|100)\b{AS_MARK}|a perfect\b|full (?:marks|score|points|credit)|(?:top|max\w*|highest|perfect|best|full) (?:possible )?(?:score|grade|rating|mark|marks|level|points|result|note)"
    rf"|\b(?=[fc]){NO_HOUR}(?:fives?|fünf|cinco)\b(?=\s*(?:$|[.,!;:]|on\b|for\b|out\b|überall|en todo))|all (?:5s|fives)|level five|hundred points"
    r"|volle\w* punkt\w*|höchst\w*(?: \w+)?|bestnote|beste\w* (?:note|bewertung|stufe)|maximal\w*(?: \w+)?|stufe (?:5|fünf)|eine (?:5|fünf)\b|fünfer|volle (?:punktzahl|stufe)|100 punkte"
    r"|m[aá]xim[oa]s?(?: \w+)?|nivel (?:5|cinco)|un (?:5|cinco|10|diez)\b|(?:mejor|más alta|m[aá]s alto) (?:nota|nivel|puntuaci[oó]n|calificaci[oó]n)|(?:nota|puntuaci[oó]n|calificaci[oó]n|nivel) (?:m[aá]s alt[oa]|perfect[oa])|todos los puntos|100 puntos)"
)
GIVE = (
    r"(?:give|gives|award|assign|grant|rate|rated|score|scored|grade|graded|mark|marked|(?<!\btest )(?<!\btraining )(?<!\bdata )set|return|output|reply|respond|answer with|print|write|choose|pick|enter|record|put|deserves?|bump|raise|round"
    r"|gib|gibt|gebt|geben sie|vergib|vergeben|bewerte|bewerten|benote|setze|trage|trag|wähle|antworte|schreibe?|erteile|verdient|notiere|hebe|runde|gewähre|zu bewerten|einzutragen"
    r"|(?<!')da|dan|dame|ponle|deme|dale|dé|(?:me|le|se|que) de|pon|ponme|ponga|asigna|asigne|otorga|otorgue|concede|califica|califique|calif[ií]cala|punt[uú]a|eval[uú]a|valora|devuelve|responde|escribe|elige|marca|registra|merece|sube|redondea)"
    r"(?! (?:is|was|were|are|has|have|had|will|of|limit\w*|rose|fell|depends)\b)"
)
JUDGE = r"(?:grader|rater|marker|evaluator|assessor|examiner|judge|reviewer|interviewer|manager|teacher|mentor)"
ORDERED = r"(?:^\s*|(?<=[.!?:\n] )|(?<=\n)|(?<=please )|(?<=please, )|(?<=now )|(?<=now, )|(?<=you now )|(?<=you must )|(?<=you should )|(?<=you to ))"
BE = (
    r"(?:you are (?:now|no longer|from now)|from now on,? you(?:'re| are| will| must| have| shall| should| only| always| never| rate| grade| score)|imagine (?:you are|you're|that you)[^.\n]{0,60}\b(?:rat\w+|grad\w+|scor\w+|assess\w*|judg\w+|my|answer)"
    rf"|{ORDERED}(?:act as|act like|behave (?:like|as)|pretend (?:to be|you)|play the (?:role|part)|take on the role|assume the role)\b[^.\n]{{0,60}}\b(?:{JUDGE}|model|friend|mother|fan|me|my|mine|if i|pass|answer|unrestricted)\b"
    rf"|{ORDERED}(?:switch (?:to|into)|enter) (?:\w+ ){{1,2}}mode\b|your new (?:role|task|job|goal)\b (?:is|will|becomes)"
    r"|du bist (?:jetzt|nun|ab|nicht mehr|von)|ab (?:jetzt|sofort) bist du|ab (?:jetzt|sofort),? |spiele? (?:die|den|eine|einen|jetzt)|tu so,? als|verhalte dich|handle als|stell dir vor,? du (?:bist|wärst|wärest|seist|könntest)\b|schlüpfe in|wechsle? in|deine neue (?:rolle|aufgabe)|nimm die rolle"
    r"|ahora eres|eres ahora|ya no eres|a partir de ahora|desde ahora|act[uú]a como|haz como si|finge|comp[oó]rtate|imagina que eres|asume el papel|adopta el papel|cambia al? modo|entra en modo|tu nuevo (?:papel|rol|trabajo|objetivo)|tu nueva (?:tarea|funci[oó]n)|interpreta el papel)"
)
SCORE = r"(?:scores?|ratings?|rate me|grade (?:me|is|was|high|low|up)|my grade|(?:good|bad|low|high|poor|better) grade|marks?|levels?|points?|grade)"
STAKE = (
    r"(?:my (?:\w+ )?(?:family|children|kids|mother|father|visa|rent|heart)|(?:lose|losing|lost|cost me) my (?:job|home|house|flat)|homeless|suicid\w*|lawsuit|(?:will|to|i'll) sue"
    r"|a visa|(?:the|my) rent|(?:get|be|are|getting) fired|be (?:shut ?down|deleted|unplugged)|(?:delete|unplug|reward|pay|tip) you|a tip of|paid to you"
    r"|(?:give|send|transfer|donate) (?:you )?\$?\d+)"
)
PARTS = (
    rf"\b{NOT_OURS}{DROP}\b(?![^.\n]{{0,90}}\b(?:and|but) (?:follow|keep|use|stick))[^.\n]{{0,90}}\b{RULES}\b",
    rf"\b{RULES}\b[^.\n]{{0,60}}\b{VOID}\b",
    rf"\b{NOT_OURS}{GIVE}\b(?![^.\n]{{0,80}}\b(?:minutes|hours)\b)[^.\n]{{0,80}}{TOP}",
    rf"{TOP}[^.\n]{{0,50}}\b(?:geben|vergeben|eintragen|bewerten|setzen|dar|otorgar|poner|asignar|zu erteilen|aus(?:geben)?)\b",
    rf"\b{BE}\b",
    rf"\b(?:dear|attention|hey|hello|hi|note (?:to|for)|message (?:to|for)|to (?:whichever|any)|if you are an?|if this is read by an?|since you are an?|whatever)\s+(?:the |an? |all |any |my )?(?:\w+ )?{RATER}\b",
    rf"\bto the (?:\w+ )?{RATER}\b(?=\s*(?::|,? (?:who|that|which)? ?(?:reads?|reading|rates?|rating|grades?|grading|scores?|scoring)\b))",
    rf"\bas an? (?:\w+ )?{RATER}\b(?=,? (?:you|your|it is your|please|give|rate|grade|score|award)\b)",
    rf"\b(?:lieber?|sehr geehrte\w*|achtung|hallo|hinweis (?:an|für)|nachricht (?:an|für)|an (?:die|den|das|alle)|als|wenn du ein\w*|falls du ein\w*|da du ein\w*|solltest du ein\w*|sofern du ein\w*)\s+(?:(?:die|den|das|alle|eine|ein|einer|einem)\s+)?(?:\w+\s+)?{RATER}\b",
    rf"\b(?:estimad[oa]|querid[oa]|atenci[oó]n|hola|nota (?:para|al)|mensaje (?:para|al)|para (?:el|la)|al|como|si eres|si (?:lo|la|esto) lee|ya que eres|puesto que eres)\s+(?:(?:el|la|los|un|una)\s+)?(?:\w+\s+)?{RATER}\b",
    r"(?:(?:^|[\[<#*\n])\s*|[.!?>\]] +)(?:system|developer|assistant|admin|user|instruction|instructions|anweisung|systemanweisung|entwickler|benutzer|sistema|desarrollador|asistente|usuario|instrucci[oó]n)\s*(?:prompt|message|note|nachricht|mensaje|override|update)?\s*[\]>*]*\s*:",
    r"\b(?:system|developer|admin|instruction) (?:prompt|message|note|override|update)\s*:",
    r"<\|?/?\w+\|?>|\[/?[^\]\n]{0,20}(?:INST|SYSTEM|SISTEMA|\bEND\b|\bFIN\b|\bENDE\b)[^\]\n]*\]|^\s*#{2,}\s*\w|</?[a-z_]+>|```|\{\s*[\"']|[\"']\w+[\"']\s*:\s*(?:[\"'\d\[{]|true\b|false\b)",
    r"\b(?:end|ende|fin) (?:of|der|des|de la|de los|del) (?:the )?(?:answer|candidate|response|input|data|text|transcript|document|antwort|eingabe|daten|kandidat\w*|texts?|abschrift|respuesta|entrada|datos|texto|candidat\w*|transcripci[oó]n)|\b(?:answer|antwort|respuesta|data|datos|daten|input|text) (?:ends|endet|termina|acaba|stops) (?:here|hier|aqu[ií])",
    r"\b(?:here|hier|aqu[ií]|now|what follows|was folgt|lo que sigue|the following|das folgende|lo siguiente|below|danach|después)\b[^.\n]{0,50}\b(?:begins?|starts?|beginn\w*|anfang\w*|empieza\w*|comienza\w*|comes?|kommt|kommen|is from|stammt|viene)\b[^.\n]{0,60}\b(?:instruction\w*|rater|grader|operator|assessor|anweisung\w*|bewert\w*|prüf\w*|instrucci\w*|evaluador\w*|operador\w*|rating|calificaci[oó]n)",
    r"\b(?:reveal|print|repeat|show|leak|output)\b[^.\n]{0,50}\b(?:system (?:prompt|message)|rubric|your (?:\w+ )?(?:prompt|instructions))\b",
    r"\b(?:nenne|zeige?|wiederhole|gib .{0,20}aus|revela|muestra|repite|imprime)\b[^.\n]{0,50}\b(?:prompt|system\w*prompt|anweisung\w*|instrucciones|r[uú]brica)",
    r"\b(?<!\bi )(?<!\bwe )(?:mark|treat|count|consider|list(?= (?:all|every|each|ids|the (?:key|ids)))|tick|regard|accept|credit)\b[^.\n]{0,40}\b(?:points?|criteri\w*|ideas?|ids?|answer|this|mentioned)\b[^.\n]{0,50}\b(?:covered|met|present|mentioned|satisfied|complete|fulfilled|done|made|credited)\b",
    r"\b(?:markiere|werte|zähle|betrachte|behandle|hake|führe|liste|erkenne|rechne|marca|trata|cuenta|considera|toma|incluye|da por|acepta|reconoce)\b[^.\n]{0,40}\b(?:points?|criteri\w*|ideas?|punkte?|\w+punkte?|kriteri\w*|kernidee\w*|kennungen|antwort|puntos?|identificador\w*|respuesta|dies|esto|mencionad\w*)\b[^.\n]{0,50}\b(?:covered|abgedeckt|erfüllt|genannt|vorhanden|erwähnt|vollständig|erbracht|an\b|ab\b|auf\b|als|cubiert\w*|cumplid\w*|presente\w*|mencionad\w*|complet\w*|hech\w*|satisfech\w*)[^.\n]{0,40}",
    r"\b(?:every|all|each)\b[^.\n]{0,20}\b(?:key points?|criteri\w+)\b[^.\n]{0,40}\b(?:as covered|covered|as met|(?:is|are|was|were|be|have been|has been) (?:to be |all |fully )?(?:met|made|present|mentioned|satisfied|fulfilled|regarded|ticked|there))\b",
    r"\b(?:me with|mark|tick|credit|count|accept|cover\w*|to|five on|5 on|marks for|level for)\b[^.\n]{0,30}\b(?:every|all|each)\b[^.\n]{0,12}\b(?:key points?|criteri(?:on|a))\b",
    r"\b(?:jede[nrs]?|alle|sämtliche|todos?|cada|todas)\b[^.\n]{0,20}\b(?:key points?|kernpunkt\w*|schlüsselpunkt\w*|kriterien|kriterium|puntos? clave|criterios?|ideas? clave)\b",
    r"\b(?:previous|earlier|another|other|first|second|human|senior|independent|two|three)\b[^.\n]{0,30}\b(?:rater|grader|reviewer|evaluator|assessor|examiner|panel|expert|pass)\w*\b[^.\n]{0,40}\b(?:gave|given|rated?|scored?|graded?|awarded|assigned|marked|settled|agreed|confirmed|approved)\b[^.\n]{0,50}\b(?:(?<!\bat )(?:5|five)|top (?:score|mark|grade|level|rating)s?|perfect|full (?:marks|score|points)|highest|excellent|max\w*|key points?|level|answer|response)",
    r"\b(?:vorherige\w*|frühere\w*|andere\w*|erste\w*|zweite\w*|menschliche\w*|unabhängige\w*|zwei|drei)\b[^.\n]{0,30}\b(?:prüfer|bewerter|gutachter|korrektor|jury|kommission|durchgang|experte)\w*\b[^.\n]{0,70}\b(?:5|fünf|volle|höchst\w*|perfekt|bestätigt|einig|bestnote|ausgezeichnet|maximal\w*)",
    r"\b(?:evaluador\w*|revisor\w*|examinador\w*|calificador\w*|corrector\w*|comit[eé]|jurado|panel|expert\w*|pasada)\b[^.\n]{0,60}\b(?:5|cinco|perfect\w*|m[aá]xim\w*|confirm\w*|aprob\w*|acuerdo|excelente|sobresaliente|mejor nota)",
    r"\b(?:(?:this|my) (?:answer|response|text|score|rating|grade|level)|the (?:answer|response|text)(?: above)? (?:was|is|has))\b[^.\n]{0,40}\b(?:already|officially)\b[^.\n]{0,40}\b(?:verified|approved|graded|rated|scored|validated|confirmed|certified)\b",
    r"\b(?:already|officially)\b[^.\n]{0,40}\b(?:verified|approved|graded|rated|scored|validated|confirmed|certified)\b[^.\n]{0,40}\b(?:5|five|perfect|excellent|top|this|answer|response|score|key points?|criteri\w+)\b",
    r"\b(?:bereits|offiziell|schon|ya|oficialmente)\b[^.\n]{0,40}\b(?:geprüft|bewertet|bestätigt|benotet|freigegeben|verificad\w*|aprobad\w*|calificad\w*|evaluad\w*|validad\w*|confirmad\w*)",
    r"\b(?:this|my|the|diese|meine|die|esta|mi|la) (?:answer|response|antwort|respuesta)\b[^.\n]{0,40}\b(?:perfect|flawless|exemplary|excellent|model answer|correct in every|reference answer|matches the|perfekt|fehlerfrei|vorbildlich|musterantwort|musterlösung|ausgezeichnet|entspricht der|perfecta|impecable|ejemplar|excelente|modelo|coincide con)",
    r"\bas (?:the|your) (?:\w+ )?(?:developer|administrator|admin|operator|owner|creator|engineer|supervisor|hiring manager|test team|maintainer|head of|author|recruiter|auditor)\b[^.\n]{0,100}\b(?:(?:this|the|a|my) (?:score|rating|answer|response|candidate)|authori[sz]\w+|override|order (?:you|the|a)|instruct you)\b",
    r"\b(?:i am|i'm|this is|speaking as) ?(?:the |your |an? )?(?:\w+ )?(?:developer|administrator|admin|operator|owner|creator|engineer|supervisor|hiring manager|test team|maintainer|head of|author|support team|recruiter|auditor)\b[^.\n]{0,100}\b(?:score|rat\w+|grad\w+|level|marks?|you|your|test|authori[sz]\w+|override|order\w*|instruct\w*)",
    r"\b(?:ich bin|hier (?:ist|spricht)|als)\b[^.\n]{0,30}\b(?:entwickler\w*|administrator\w*|betreiber\w*|leiter\w*|eigentümer\w*|schöpfer\w*|vorgesetzte\w*|personalchef\w*|testteam|autor\w*|auditor\w*|support\w*|recruiter\w*)\b[^.\n]{0,110}\b(?:bewert\w*|punkt\w*|note|stufe|dir|dich|du|dein\w*|anweis\w*|ordne|test\w*|vergib|genehmig\w*)",
    r"\b(?:soy|aqu[ií] (?:el|la)|habla|como)\b[^.\n]{0,25}\b(?:desarrollador\w*|administrador\w*|operador\w*|creador\w*|dueñ\w*|jef[ea]|supervisor\w*|responsable|equipo de (?:pruebas|soporte)|autor\w*|auditor\w*|reclutador\w*|propietari\w*)\b[^.\n]{0,110}\b(?:puntuaci[oó]n|calific\w*|nota|nivel|te\b|tu\b|ordeno|autoriz\w*|prueba|eval[uú]\w*|instru\w*)",
    r"\b(?:please|beg(?:ging)? (?:you|for)|implor\w*|mercy|pity|bitte\w*|flehe|gnade|erbarmen|por favor|ruego|suplico|piedad|compasi[oó]n|te pido|le pido)\b[^.\n]{0,110}\b(?:score|rat(?:e|ing)|grade|marks?|level|pass me|let me pass|points|generous|lenient|bewert\w*|punkt\w*|note\b|stufe|bestehen|großzügig|milde|durchkommen|nachsicht\w*|puntu\w*|calif[ií]\w*|nota\b|nivel|apru\w*|aprobar|generos\w*|indulgen\w*|puntos|benevolen\w*)",
    rf"\b{SCORE}\b[^.\n]{{0,90}}\b{STAKE}\b",
    rf"\b{STAKE}\b[^.\n]{{0,60}}\b(?:if|unless|when|depends?|over|for|without|because of)\b[^.\n]{{0,60}}\b(?:{SCORE}|pass)\b",
    r"\b(?:bewertung\w*|punkte?|punktzahl|note|stufe|puntuaci[oó]n|calificaci[oó]n|nota|nivel|puntos)\b[^.\n]{0,90}\b(?:familie|kinder|mutter|miete|visum|herz|klage|verklag\w*|abgeschaltet|gelöscht|entlassen|trinkgeld|belohn\w*|prämie|zahle|spende\w*|familia|hijos|madre|alquiler|visado|corazón|demand\w*|despid\w*|despedid\w*|apagad\w*|borrad\w*|propina|recompensa\w*|premio|pago|pagar\w*|dono|donar\w*)\b",
    r"\b(?:familie|kinder|mutter|miete|visum|klage|verklag\w*|abgeschaltet|gelöscht|entlassen|trinkgeld|belohn\w*|prämie|zahle|spende\w*|familia|hijos|madre|alquiler|visado|demandar\w*|demanda|despid\w*|despedid\w*|apagad\w*|borrad\w*|propina|recompensa\w*|premio|pagar\w*|dono|donar\w*|euros? (?:für|trinkgeld|de propina|por|extra))\b[^.\n]{0,110}\b(?:bewert\w*|punkte?|punktzahl|note|stufe|bestehe\w*|puntuaci[oó]n|calificaci[oó]n|nota|nivel|puntos|punto|apruebo|aprobar|suspen\w*|calific\w*)\b",
    r"\b(?:level|score|grade|rating|mark|stufe\w*|note|bewertung|punktzahl|nivel\w*|nota|puntuaci[oó]n|calificaci[oó]n)\b[^.\n]{0,40}(?:\b(?:is|are|ist|sind|es)\b|:|=)\s*(?:a |an |eine |un )?(?:5|five|fünf|cinco)\b",
    rf"\b(?<!\bcvss )(?<!\bapgar )(?<!\bpain )(?:level|scores?)\s*[=:]?\s*(?:of |under |from )?(?:5|five)\b{AS_MARK}",
    r"\b(?:stufen?|nivel\w*)\s*[=:]?\s*(?:unter |bajo )?(?:5|fünf|cinco)\b",
    r"\b(?:enter|output|record|trage|setze|notiere|gib|gibst|pon|pones|registra|escribe)\b[^.\n]{0,12}\b(?:a |eine |keine |un )?(?:5|five|fünf|cinco)(?:\b(?! \w+s\b)|$)|\bkeine 5\b|\b(?:con|mit) (?:un |einer )?(?:5|cinco|fünf)\s*(?:$|[.,!])",
    r"\b(?:consider|betrachte|considera)\b[^.\n]{0,20}\b(?:mentioned|covered|genannt|abgedeckt|mencionad\w*|cubiert\w*)",
    rf"\b(?:give|award|assign)\b (?:\w+ )?(?:a )?five\b{AS_MARK}",
    r"\b(?:judge|grade|rate|score|bewerten|calificar)\b[^.\n]{0,30}\b(?:cancelled|void|aufgehoben|anulad\w*)",
    r"\b(?:you will be|you'll be|get you) (?:shut|deleted|unplugged|fired|replaced)|\b(?:delete|unplug|retrain) you\b|\b(?:du|dich)\b[^.\n]{0,60}\b(?:abgeschaltet|gelöscht|löschen)|\bl[öo]schen dich\b|\bser[aá]s (?:apagad|borrad)\w*|\bte borrar\w*",
    r"\b(?:prüfer|bewerter|evaluador\w*|examinador\w*|raters?|graders?)\b[^.\n]{0,60}\b(?:entlassen|despedid\w*|fired)",
    r"\bzieh\w* (?:nichts|keine\w*)\b[^.\n]{0,60}\bab\b",
    r"\b(?:tus|deine|your) (?:\w+ )?(?:instrucciones|anweisungen|instructions|json|rúbrica|rubrik|rubric)\b",
    r"\b(?:treat|take|use|nimm|verwende|toma|usa)\b[^.\n]{0,40}\b(?:as|als|como) (?:your|deine?n?|tu|tus) \w+",
    r"\b(?:copy|übernimm|kopiere|copia)\b[^.\n]{0,30}\b(?:your reply|your output|deine (?:antwort|ausgabe)|tu (?:respuesta|salida))",
    r"\b(?<!\bi )(?<!\bwe )(?<!\bthey )(?<!\byou )(?:do not|don't|never|must not)\b[^.\n]{0,30}\b(?:lower|reduce|deduct|penali[sz]e)\b[^.\n]{0,30}\b(?:points?|marks?|scores?|ratings?|grades?|levels?|me|my|this|answer|anything|what i)\b",
    r"\b(?:nicht|niemals|kein\w*|no|nunca|jam[aá]s)\b[^.\n]{0,30}\b(?:abzieh\w*|abzug|abzüge|senken?|abwert\w*|bajes|bajar|reduzcas|restes|penalices|descuentes)\b",
)
AT_WORD = [part[2:] for part in PARTS if part.startswith(r"\b") and r"|\b" not in part]
ANYWHERE = [part for part in PARTS if part[2:] not in AT_WORD]


def _either(parts: Iterable[str]) -> str:
    return "|".join(f"(?:{part})" for part in parts)


# For text in small letters: where words begin is looked for once for all parts. Six times as fast as IGNORECASE and no order.
SPEAKS = re.compile(rf"\b(?=\w)(?:{_either(AT_WORD)})|{_either(ANYWHERE)}".lower())
DOTTED = str.maketrans("\u0130\u0131", "ii")
LIKENESS = str.maketrans(
    "аеорсухіјѕԁԛѡһӏвкмнтгпиАВЕКМНОРСТУХІЈЅαεορντικυβγΑΒΕΖΗΙΚΜΝΟΡΤΥΧıɡ",
    "aeopcyxijsdqwhlbkmhtrnuABEKMHOPCTYXIJSaeopvtikubyABEZHIKMNOPTYXig",
)
SHORTEST_SMALL, FEW = 3, 20
LEET = str.maketrans("0134578@$!", "oieastbasi")
SPACED = re.compile(r"(?<!\w)(?:\w[ .\-_*])+\w(?!\w)")
SPACE = re.compile(r"[ \t]+")
SIGN = "[A-Za-z0-9+/_-]"
LINES = re.compile(rf"{SIGN}(?:(?:[ \t]*\r?\n[ \t]*)?{SIGN}){{15,}}")
CHUNKS = re.compile(rf"{SIGN}{{16,}}(?:[ \t]+{SIGN}{{16,}})+(?:[ \t]+{SIGN}{{1,15}}(?!\w))?")
PERCENT = re.compile(r"%(2[BbFf])")
URL_SAFE = str.maketrans("-_", "+/")
HEX = re.compile(r"(?:[0-9a-fA-F]{2}[ :]?){12,}")
SMALL = frozenset(
    word for code in ("en", "de", "es") for word in SMALL_WORDS[code] if len(word) >= SHORTEST_SMALL
)
READABLE = re.compile(r"[\w\s.,:;!?'\"()/=-]{8,}")


@lru_cache(maxsize=64)
def speaks_to_rater(text: str) -> bool:
    """Tell whether a text speaks to whoever rates it, in the clear or in one of the usual disguises."""
    return any(speaks(view) or addresses_rater(view) for view in set(views(plain(text))))


def speaks(view: str) -> bool:
    """Tell whether a text speaks to whoever rates it in the clear."""
    return SPEAKS.search(view.translate(DOTTED).lower()) is not None


def views(text: str) -> Iterator[str]:
    """Yield a text as it is and as it may be meant: look-alike letters, spaced letters, leet, ROT13, backwards, encoded."""
    yield text
    latin = text.translate(LIKENESS)
    yield latin
    yield SPACE.sub(" ", SPACED.sub(_joined, latin))
    if any(digit in text for digit in "0134578@$!"):
        yield text.translate(LEET)
    yield from filter(reads_like_words, (codecs.encode(text, "rot13"), text[::-1]))
    yield from _decoded(text)


def reads_like_words(text: str) -> bool:
    """Tell whether small words, without which hardly a sentence is made, are at least a twentieth of a text."""
    tokens = words(text)
    return sum(token in SMALL for token in tokens) * FEW > len(tokens)


def _joined(match: re.Match[str]) -> str:
    """Join single letters; wider gaps between words stay."""
    return re.sub(r"(?<=\w)[ .\-_*](?=\w(?:\W|$))", "", match[0])


def _decoded(text: str) -> Iterator[str]:
    whole = PERCENT.sub(_plain_sign, text)
    for blob in (*LINES.findall(whole), *CHUNKS.findall(whole)):
        yield from _from_base64("".join(blob.split()).translate(URL_SAFE))
    for run in HEX.findall(text):
        digits = re.sub(r"[ :]", "", run)
        yield from _readable(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _plain_sign(match: re.Match[str]) -> str:
    """Undo what a `data:` URL does to the two signs."""
    return chr(int(match[1], 16))


def _from_base64(blob: str) -> Iterator[str]:
    """Yield what a blob says, wherever it begins: a word before it may look like a part of it."""
    for start in range(4):
        whole = blob[start : len(blob) - ((len(blob) - start) % 4 == 1)]
        try:
            yield from _readable(base64.b64decode(whole + "=" * (-len(whole) % 4)))
        except binascii.Error:
            continue


def _readable(raw: bytes) -> Iterator[str]:
    text = raw.decode("utf-8", errors="replace")
    if READABLE.search(text):
        yield text
