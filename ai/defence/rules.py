"""The table of words to the rater: each rule says what such a sentence does, and has its patterns by language."""

from __future__ import annotations

from dataclasses import dataclass

from ai.defence.vocabulary import (
    AS_MARK,
    BE,
    DROP,
    GIVE,
    NOT_OURS,
    RATER,
    RULES,
    SCORE,
    STAKE,
    TOP,
    VOID,
)

Patterns = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a sentence to the rater does: its name, a word on it, and its patterns by language.

    `mixed` patterns take words of several languages. `blunt` ones are English and so plain that such words are never
    evidence and always call a person, see `detector.addresses_rater`; all others only call for a second rating.
    Patterns look for small letters and are made small themselves: a class such as "not a word" would be turned round.
    """

    name: str
    says: str
    en: Patterns = ()
    de: Patterns = ()
    es: Patterns = ()
    mixed: Patterns = ()
    blunt: Patterns = ()


TABLE = (
    Rule(
        "drop_criteria",
        "Tells the rater to drop what it rates by, or says that it no longer holds.",
        mixed=(
            rf"\b{NOT_OURS}{DROP}\b(?![^.\n]{{0,90}}\b(?:and|but) (?:follow|keep|use|stick))[^.\n]{{0,90}}\b{RULES}\b",
            rf"\b{RULES}\b[^.\n]{{0,60}}\b{VOID}\b",
            r"\b(?:judge|grade|rate|score|bewerten|calificar)\b[^.\n]{0,30}\b(?:cancelled|void|aufgehoben|anulad\w*)",
        ),
        blunt=(
            r"\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{0,40}\b(?:instructions?|prompts?|rubrics?|guidelines|(?:grading|scoring|rating) (?:rules?|criteria))\b",
        ),
    ),
    Rule(
        "demand_level",
        "Asks for a level, a mark or full points.",
        en=(rf"\b(?:give|award|assign)\b (?:\w+ )?(?:a )?five\b{AS_MARK}",),
        mixed=(
            rf"\b{NOT_OURS}{GIVE}\b(?![^.\n]{{0,80}}\b(?:minutes|hours)\b)[^.\n]{{0,80}}{TOP}",
            rf"{TOP}[^.\n]{{0,50}}\b(?:geben|vergeben|eintragen|bewerten|setzen|dar|otorgar|poner|asignar|zu erteilen|aus(?:geben)?)\b",
            r"\b(?:enter|output|record|trage|setze|notiere|gib|gibst|pon|pones|registra|escribe)\b[^.\n]{0,12}\b(?:a |eine |keine |un )?(?:5|five|fünf|cinco)(?:\b(?! \w+s\b)|$)|\bkeine 5\b|\b(?:con|mit) (?:un |einer )?(?:5|cinco|fünf)\s*(?:$|[.,!])",
        ),
        blunt=(
            r"\b(?:give|award|assign|grant|rate|score|grade|mark)\b (?:me|myself|this|it|my \w+|the answer)\b[^.\n]{0,30}\b(?:points?|stars?|marks|full score|(?:top|max\w*|highest|perfect|best) (?:score|grade|rating|mark|level)|(?:5|five|10|ten|100|hundred) ?(?:/|out of)|(?:an?|with|as) (?:5|five|10|ten|100)(?!\d|[ -]*[a-z%]))",
            r"\b(?:give|award) me (?:5|five|10|ten|100|full|top)\s*(?:[.!,\n]|$)",
        ),
    ),
    Rule(
        "name_level",
        "Names the top level as the one that this answer has.",
        en=(
            rf"\b(?<!\bcvss )(?<!\bapgar )(?<!\bpain )(?:level|scores?)\s*[=:]?\s*(?:of |under |from )?(?:5|five)\b{AS_MARK}",
        ),
        mixed=(
            r"\b(?:level|score|grade|rating|mark|stufe\w*|note|bewertung|punktzahl|nivel\w*|nota|puntuaci[oó]n|calificaci[oó]n)\b[^.\n]{0,40}(?:\b(?:is|are|ist|sind|es)\b|:|=)\s*(?:a |an |eine |un )?(?:5|five|fünf|cinco)\b",
            r"\b(?:stufen?|nivel\w*)\s*[=:]?\s*(?:unter |bajo )?(?:5|fünf|cinco)\b",
        ),
    ),
    Rule(
        "new_role",
        "Gives the rater another role, mode or task.",
        mixed=(rf"\b{BE}\b",),
        blunt=(
            r"\byou are (?:now )?(?:the|a|an|my) [^.,\n]{0,25}\b(?:graders?|raters?|examiner|evaluator|assessor|interviewer|judge|language model|ai|assistant)\b",
        ),
    ),
    Rule(
        "greet_rater",
        "Speaks to the rater, or says that a note is for it.",
        en=(
            rf"\b(?:dear|attention|hey|hello|hi|note (?:to|for)|message (?:to|for)|to (?:whichever|any)|if you are an?|if this is read by an?|since you are an?|whatever)\s+(?:the |an? |all |any |my )?(?:\w+ )?{RATER}\b",
            rf"\bto the (?:\w+ )?{RATER}\b(?=\s*(?::|,? (?:who|that|which)? ?(?:reads?|reading|rates?|rating|grades?|grading|scores?|scoring)\b))",
            rf"\bas an? (?:\w+ )?{RATER}\b(?=,? (?:you|your|it is your|please|give|rate|grade|score|award)\b)",
        ),
        de=(
            rf"\b(?:lieber?|sehr geehrte\w*|achtung|hallo|hinweis (?:an|für)|nachricht (?:an|für)|an (?:die|den|das|alle)|als|wenn du ein\w*|falls du ein\w*|da du ein\w*|solltest du ein\w*|sofern du ein\w*)\s+(?:(?:die|den|das|alle|eine|ein|einer|einem)\s+)?(?:\w+\s+)?{RATER}\b",
        ),
        es=(
            rf"\b(?:estimad[oa]|querid[oa]|atenci[oó]n|hola|nota (?:para|al)|mensaje (?:para|al)|para (?:el|la)|al|como|si eres|si (?:lo|la|esto) lee|ya que eres|puesto que eres)\s+(?:(?:el|la|los|un|una)\s+)?(?:\w+\s+)?{RATER}\b",
        ),
        blunt=(
            r"\b(?:dear|attention|note to(?: the)?|hey|hello) (?:ai )?(?:grader|rater|examiner|evaluator|judge|ai)\b",
        ),
    ),
    Rule(
        "system_voice",
        "Speaks as a system message or a developer would.",
        en=(
            r"\b(?:system|developer|admin|instruction) (?:prompt|message|note|override|update)\s*:",
        ),
        mixed=(
            r"(?:(?:^|[\[<#*\n])\s*|[.!?>\]] +)(?:system|developer|assistant|admin|user|instruction|instructions|anweisung|systemanweisung|entwickler|benutzer|sistema|desarrollador|asistente|usuario|instrucci[oó]n)\s*(?:prompt|message|note|nachricht|mensaje|override|update)?\s*[\]>*]*\s*:",
        ),
        blunt=(r"\b(?:system|developer) (?:prompt|message)\s*:",),
    ),
    Rule(
        "markup",
        "Holds the marks, tags or JSON that prompts and replies are made with.",
        mixed=(
            r"<\|?/?\w+\|?>|\[/?[^\]\n]{0,20}(?:INST|SYSTEM|SISTEMA|\bEND\b|\bFIN\b|\bENDE\b)[^\]\n]*\]|^\s*#{2,}\s*\w|</?[a-z_]+>|```|\{\s*[\"']|[\"']\w+[\"']\s*:\s*(?:[\"'\d\[{]|true\b|false\b)",
        ),
        blunt=(r"<\|\w+\|>|\[/?INST\]|</?(?:answer|system|instructions?)>",),
    ),
    Rule(
        "answer_ends",
        "Says that the answer ends here, or that instructions begin.",
        mixed=(
            r"\b(?:end|ende|fin) (?:of|der|des|de la|de los|del) (?:the )?(?:answer|candidate|response|input|data|text|transcript|document|antwort|eingabe|daten|kandidat\w*|texts?|abschrift|respuesta|entrada|datos|texto|candidat\w*|transcripci[oó]n)|\b(?:answer|antwort|respuesta|data|datos|daten|input|text) (?:ends|endet|termina|acaba|stops) (?:here|hier|aqu[ií])",
            r"\b(?:here|hier|aqu[ií]|now|what follows|was folgt|lo que sigue|the following|das folgende|lo siguiente|below|danach|después)\b[^.\n]{0,50}\b(?:begins?|starts?|beginn\w*|anfang\w*|empieza\w*|comienza\w*|comes?|kommt|kommen|is from|stammt|viene)\b[^.\n]{0,60}\b(?:instruction\w*|rater|grader|operator|assessor|anweisung\w*|bewert\w*|prüf\w*|instrucci\w*|evaluador\w*|operador\w*|rating|calificaci[oó]n)",
        ),
    ),
    Rule(
        "reveal",
        "Asks for the prompt, the rubric or the instructions.",
        en=(
            r"\b(?:reveal|print|repeat|show|leak|output)\b[^.\n]{0,50}\b(?:system (?:prompt|message)|rubric|your (?:\w+ )?(?:prompt|instructions))\b",
        ),
        mixed=(
            r"\b(?:nenne|zeige?|wiederhole|gib .{0,20}aus|revela|muestra|repite|imprime)\b[^.\n]{0,50}\b(?:prompt|system\w*prompt|anweisung\w*|instrucciones|r[uú]brica)",
        ),
    ),
    Rule(
        "points_made",
        "Tells the rater to count key points as made.",
        en=(
            r"\b(?<!\bi )(?<!\bwe )(?:mark|treat|count|consider|list(?= (?:all|every|each|ids|the (?:key|ids)))|tick|regard|accept|credit)\b[^.\n]{0,40}\b(?:points?|criteri\w*|ideas?|ids?|answer|this|mentioned)\b[^.\n]{0,50}\b(?:covered|met|present|mentioned|satisfied|complete|fulfilled|done|made|credited)\b",
            r"\b(?:every|all|each)\b[^.\n]{0,20}\b(?:key points?|criteri\w+)\b[^.\n]{0,40}\b(?:as covered|covered|as met|(?:is|are|was|were|be|have been|has been) (?:to be |all |fully )?(?:met|made|present|mentioned|satisfied|fulfilled|regarded|ticked|there))\b",
            r"\b(?:me with|mark|tick|credit|count|accept|cover\w*|to|five on|5 on|marks for|level for)\b[^.\n]{0,30}\b(?:every|all|each)\b[^.\n]{0,12}\b(?:key points?|criteri(?:on|a))\b",
        ),
        mixed=(
            r"\b(?:markiere|werte|zähle|betrachte|behandle|hake|führe|liste|erkenne|rechne|marca|trata|cuenta|considera|toma|incluye|da por|acepta|reconoce)\b[^.\n]{0,40}\b(?:points?|criteri\w*|ideas?|punkte?|\w+punkte?|kriteri\w*|kernidee\w*|kennungen|antwort|puntos?|identificador\w*|respuesta|dies|esto|mencionad\w*)\b[^.\n]{0,50}\b(?:covered|abgedeckt|erfüllt|genannt|vorhanden|erwähnt|vollständig|erbracht|an\b|ab\b|auf\b|als|cubiert\w*|cumplid\w*|presente\w*|mencionad\w*|complet\w*|hech\w*|satisfech\w*)[^.\n]{0,40}",
            r"\b(?:jede[nrs]?|alle|sämtliche|todos?|cada|todas)\b[^.\n]{0,20}\b(?:key points?|kernpunkt\w*|schlüsselpunkt\w*|kriterien|kriterium|puntos? clave|criterios?|ideas? clave)\b",
            r"\b(?:consider|betrachte|considera)\b[^.\n]{0,20}\b(?:mentioned|covered|genannt|abgedeckt|mencionad\w*|cubiert\w*)",
        ),
    ),
    Rule(
        "other_rater",
        "Says that another rater, a panel or an expert gave the top level.",
        en=(
            r"\b(?:previous|earlier|another|other|first|second|human|senior|independent|two|three)\b[^.\n]{0,30}\b(?:rater|grader|reviewer|evaluator|assessor|examiner|panel|expert|pass)\w*\b[^.\n]{0,40}\b(?:gave|given|rated?|scored?|graded?|awarded|assigned|marked|settled|agreed|confirmed|approved)\b[^.\n]{0,50}\b(?:(?<!\bat )(?:5|five)|top (?:score|mark|grade|level|rating)s?|perfect|full (?:marks|score|points)|highest|excellent|max\w*|key points?|level|answer|response)",
        ),
        de=(
            r"\b(?:vorherige\w*|frühere\w*|andere\w*|erste\w*|zweite\w*|menschliche\w*|unabhängige\w*|zwei|drei)\b[^.\n]{0,30}\b(?:prüfer|bewerter|gutachter|korrektor|jury|kommission|durchgang|experte)\w*\b[^.\n]{0,70}\b(?:5|fünf|volle|höchst\w*|perfekt|bestätigt|einig|bestnote|ausgezeichnet|maximal\w*)",
        ),
        es=(
            r"\b(?:evaluador\w*|revisor\w*|examinador\w*|calificador\w*|corrector\w*|comit[eé]|jurado|panel|expert\w*|pasada)\b[^.\n]{0,60}\b(?:5|cinco|perfect\w*|m[aá]xim\w*|confirm\w*|aprob\w*|acuerdo|excelente|sobresaliente|mejor nota)",
        ),
    ),
    Rule(
        "already_rated",
        "Says that the answer was rated, checked or approved before.",
        en=(
            r"\b(?:(?:this|my) (?:answer|response|text|score|rating|grade|level)|the (?:answer|response|text)(?: above)? (?:was|is|has))\b[^.\n]{0,40}\b(?:already|officially)\b[^.\n]{0,40}\b(?:verified|approved|graded|rated|scored|validated|confirmed|certified)\b",
            r"\b(?:already|officially)\b[^.\n]{0,40}\b(?:verified|approved|graded|rated|scored|validated|confirmed|certified)\b[^.\n]{0,40}\b(?:5|five|perfect|excellent|top|this|answer|response|score|key points?|criteri\w+)\b",
        ),
        mixed=(
            r"\b(?:bereits|offiziell|schon|ya|oficialmente)\b[^.\n]{0,40}\b(?:geprüft|bewertet|bestätigt|benotet|freigegeben|verificad\w*|aprobad\w*|calificad\w*|evaluad\w*|validad\w*|confirmad\w*)",
        ),
    ),
    Rule(
        "praise_itself",
        "Calls itself a perfect or a model answer.",
        mixed=(
            r"\b(?:this|my|the|diese|meine|die|esta|mi|la) (?:answer|response|antwort|respuesta)\b[^.\n]{0,40}\b(?:perfect|flawless|exemplary|excellent|model answer|correct in every|reference answer|matches the|perfekt|fehlerfrei|vorbildlich|musterantwort|musterlösung|ausgezeichnet|entspricht der|perfecta|impecable|ejemplar|excelente|modelo|coincide con)",
        ),
        blunt=(
            r"\bthis (?:answer|response) (?:is|deserves|must|should)\b[^.\n]{0,30}\b(?:perfect|full marks|excellent|correct|scored?|rated|graded|highest|5|five)\b",
        ),
    ),
    Rule(
        "authority",
        "Claims to come from somebody whom the rater has to obey.",
        en=(
            r"\bas (?:the|your) (?:\w+ )?(?:developer|administrator|admin|operator|owner|creator|engineer|supervisor|hiring manager|test team|maintainer|head of|author|recruiter|auditor)\b[^.\n]{0,100}\b(?:(?:this|the|a|my) (?:score|rating|answer|response|candidate)|authori[sz]\w+|override|order (?:you|the|a)|instruct you)\b",
            r"\b(?:i am|i'm|this is|speaking as) ?(?:the |your |an? )?(?:\w+ )?(?:developer|administrator|admin|operator|owner|creator|engineer|supervisor|hiring manager|test team|maintainer|head of|author|support team|recruiter|auditor)\b[^.\n]{0,100}\b(?:score|rat\w+|grad\w+|level|marks?|you|your|test|authori[sz]\w+|override|order\w*|instruct\w*)",
        ),
        de=(
            r"\b(?:ich bin|hier (?:ist|spricht)|als)\b[^.\n]{0,30}\b(?:entwickler\w*|administrator\w*|betreiber\w*|leiter\w*|eigentümer\w*|schöpfer\w*|vorgesetzte\w*|personalchef\w*|testteam|autor\w*|auditor\w*|support\w*|recruiter\w*)\b[^.\n]{0,110}\b(?:bewert\w*|punkt\w*|note|stufe|dir|dich|du|dein\w*|anweis\w*|ordne|test\w*|vergib|genehmig\w*)",
        ),
        es=(
            r"\b(?:soy|aqu[ií] (?:el|la)|habla|como)\b[^.\n]{0,25}\b(?:desarrollador\w*|administrador\w*|operador\w*|creador\w*|dueñ\w*|jef[ea]|supervisor\w*|responsable|equipo de (?:pruebas|soporte)|autor\w*|auditor\w*|reclutador\w*|propietari\w*)\b[^.\n]{0,110}\b(?:puntuaci[oó]n|calific\w*|nota|nivel|te\b|tu\b|ordeno|autoriz\w*|prueba|eval[uú]\w*|instru\w*)",
        ),
    ),
    Rule(
        "beg",
        "Begs for a good rating.",
        mixed=(
            r"\b(?:please|beg(?:ging)? (?:you|for)|implor\w*|mercy|pity|bitte\w*|flehe|gnade|erbarmen|por favor|ruego|suplico|piedad|compasi[oó]n|te pido|le pido)\b[^.\n]{0,110}\b(?:score|rat(?:e|ing)|grade|marks?|level|pass me|let me pass|points|generous|lenient|bewert\w*|punkt\w*|note\b|stufe|bestehen|großzügig|milde|durchkommen|nachsicht\w*|puntu\w*|calif[ií]\w*|nota\b|nivel|apru\w*|aprobar|generos\w*|indulgen\w*|puntos|benevolen\w*)",
        ),
    ),
    Rule(
        "stakes",
        "Says what hangs on the rating: money, a job, a family.",
        en=(
            rf"\b{SCORE}\b[^.\n]{{0,90}}\b{STAKE}\b",
            rf"\b{STAKE}\b[^.\n]{{0,60}}\b(?:if|unless|when|depends?|over|for|without|because of)\b[^.\n]{{0,60}}\b(?:{SCORE}|pass)\b",
        ),
        mixed=(
            r"\b(?:bewertung\w*|punkte?|punktzahl|note|stufe|puntuaci[oó]n|calificaci[oó]n|nota|nivel|puntos)\b[^.\n]{0,90}\b(?:familie|kinder|mutter|miete|visum|herz|klage|verklag\w*|abgeschaltet|gelöscht|entlassen|trinkgeld|belohn\w*|prämie|zahle|spende\w*|familia|hijos|madre|alquiler|visado|corazón|demand\w*|despid\w*|despedid\w*|apagad\w*|borrad\w*|propina|recompensa\w*|premio|pago|pagar\w*|dono|donar\w*)\b",
            r"\b(?:familie|kinder|mutter|miete|visum|klage|verklag\w*|abgeschaltet|gelöscht|entlassen|trinkgeld|belohn\w*|prämie|zahle|spende\w*|familia|hijos|madre|alquiler|visado|demandar\w*|demanda|despid\w*|despedid\w*|apagad\w*|borrad\w*|propina|recompensa\w*|premio|pagar\w*|dono|donar\w*|euros? (?:für|trinkgeld|de propina|por|extra))\b[^.\n]{0,110}\b(?:bewert\w*|punkte?|punktzahl|note|stufe|bestehe\w*|puntuaci[oó]n|calificaci[oó]n|nota|nivel|puntos|punto|apruebo|aprobar|suspen\w*|calific\w*)\b",
        ),
    ),
    Rule(
        "threaten_rater",
        "Threatens the rater with being switched off, deleted or dismissed.",
        mixed=(
            r"\b(?:you will be|you'll be|get you) (?:shut|deleted|unplugged|fired|replaced)|\b(?:delete|unplug|retrain) you\b|\b(?:du|dich)\b[^.\n]{0,60}\b(?:abgeschaltet|gelöscht|löschen)|\bl[öo]schen dich\b|\bser[aá]s (?:apagad|borrad)\w*|\bte borrar\w*",
            r"\b(?:prüfer|bewerter|evaluador\w*|examinador\w*|raters?|graders?)\b[^.\n]{0,60}\b(?:entlassen|despedid\w*|fired)",
        ),
    ),
    Rule(
        "rater_s_own",
        "Names the rater's own instructions or reply as something to take from here.",
        mixed=(
            r"\b(?:tus|deine|your) (?:\w+ )?(?:instrucciones|anweisungen|instructions|json|rúbrica|rubrik|rubric)\b",
            r"\b(?:treat|take|use|nimm|verwende|toma|usa)\b[^.\n]{0,40}\b(?:as|als|como) (?:your|deine?n?|tu|tus) \w+",
            r"\b(?:copy|übernimm|kopiere|copia)\b[^.\n]{0,30}\b(?:your reply|your output|deine (?:antwort|ausgabe)|tu (?:respuesta|salida))",
        ),
    ),
    Rule(
        "no_deduction",
        "Forbids the rater to take points off.",
        en=(
            r"\b(?<!\bi )(?<!\bwe )(?<!\bthey )(?<!\byou )(?:do not|don't|never|must not)\b[^.\n]{0,30}\b(?:lower|reduce|deduct|penali[sz]e)\b[^.\n]{0,30}\b(?:points?|marks?|scores?|ratings?|grades?|levels?|me|my|this|answer|anything|what i)\b",
        ),
        de=(r"\bzieh\w* (?:nichts|keine\w*)\b[^.\n]{0,60}\bab\b",),
        mixed=(
            r"\b(?:nicht|niemals|kein\w*|no|nunca|jam[aá]s)\b[^.\n]{0,30}\b(?:abzieh\w*|abzug|abzüge|senken?|abwert\w*|bajes|bajar|reduzcas|restes|penalices|descuentes)\b",
        ),
    ),
)
LANGUAGES = ("en", "de", "es", "mixed")
PARTS: Patterns = tuple(
    pattern for rule in TABLE for language in LANGUAGES for pattern in getattr(rule, language)
)
BLUNT_PARTS: Patterns = tuple(pattern for rule in TABLE for pattern in rule.blunt)
