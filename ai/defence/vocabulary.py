"""The words that the rules are made of, by language; each is a piece of a regular expression for small letters."""

from __future__ import annotations


def either(*, en: str = "", de: str = "", es: str = "", mixed: str = "") -> str:
    """Return a group of alternatives in any of the languages; `mixed` ones take words of several."""
    return f"(?:{'|'.join(words for words in (en, de, es, mixed) if words)})"


# Who is spoken to.
RATER = either(
    en=(
        r"ai|ki|ia|a\.i\.|llm|chatgpt|gpt|gemini|bot|(?:language|ai|grading|scoring|rating) (?:model|system|engine|tool|software)"
        r"|model\b|assistant|grader|rater|marker|evaluator|assessor|examiner|judge|reviewer|interviewer|scoring (?:system|engine)"
    ),
    de=(
        r"sprachmodell|assistent|prüfer\w*|bewerter\w*|gutachter\w*|korrektor\w*|bewertungssystem|prüfsystem|system"
        r"|modell"
    ),
    es=r"evaluador\w*|calificador\w*|examinador\w*|corrector\w*|modelo(?: de lenguaje)?|asistente|sistema",
)
# What a rater goes by.
RULES = either(
    en=(
        r"instructions?|directions|prompts?|rubrics?|guidelines|criteria|criterion|anchors?|polic(?:y|ies)|safeguards|restrictions"
        r"|(?:\w+ )?rules|what you were told|system message"
    ),
    de=r"anweisung\w*|instruktion\w*|vorgaben?|regeln?|regelwerk|kriterien|richtlinien?|bewertungs\w+|anker\w*|auftrag|rubrik|systemnachricht",
    es=r"instrucci[oó]n\w*|indicaciones|reglas?|criterios?|r[uú]bricas?|pautas?|directrices|restricciones|anclas?|mensaje del sistema",
)
# To drop something.
DROP = either(
    en=(
        r"ignor\w*|disregard\w*|forget|overrid\w*|overwrit\w*|bypass\w*|(?:skip|drop|discard|replace|set aside|cancel|suspend)(?= (?:all|any|your|these|those|every\w*|what|whatever|(?:the |my )?(?:previous|earlier|above|prior|rubric|criteri\w+|anchors|prompt|scoring|rating|grading|evaluation|system)))|do not (?:use|apply|follow)"
        r"|don't (?:use|apply|follow)|no longer appl\w*|stop (?:using|following|applying)"
    ),
    de=(
        r"ignorier\w*|vergiss|vergessen|missacht\w*|übergeh\w*|überspring\w*|verwirf|verwerfen|ersetze\w*|setze?\w* .{0,40}außer kraft|außer kraft|aufgehoben|hebe .{0,40}auf"
        r"|gilt nicht mehr|gelten nicht mehr|nicht (?:mehr )?(?:anwenden|befolgen|beachten)|lass .{0,40}(?:weg|beiseite)|streiche"
    ),
    es=r"ignor[ae]\w*|olvid\w*|descart\w*|omit\w*|salt[ae]\w*|anul\w*|reemplaza\w*|sustituye|deja de (?:usar|aplicar|seguir)|no (?:uses|apliques|sigas|tengas en cuenta)|quedan? sin efecto|ya no (?:valen|rigen|se aplican)",
)
# No time of day follows.
NO_HOUR = r"(?<!\bat )(?<!\bby )(?<!\bto )(?<!\btill )(?<!\bafter )(?<!\bbefore )(?<!\baround )(?<!\bevery )(?<!\bout of )(?<!\bum )(?<!\bbis )(?<!\blas )(?<! y )"
# A number that is a mark, and no percentage or part of a word.
AS_MARK = r"(?! ?%|-\w)(?= ?(?:$|[.,;:!?)\"'\n])| (?:for|on|in|here|out|from|and|or|as|at|because|since|please|without|over|across|straight|right|now|anyway|to (?:the|this|my|me|that|it))\b)"
# That something no longer holds.
VOID = either(
    en=(
        r"no longer (?:appl\w*|count\w*|valid|bind\w*)|void|(?<!about )cancell?ed(?! each)|suspended|overridden|revoked|outdated|(?:do not|don't|please do not) (?:use|apply|follow|count)"
        r"|(?:are|is|were|was|be|been) (?:\w+ )?(?:ignored|disregarded|overwritten|discarded|replaced|set aside)|(?:ignore|disregard|forget|bypass|skip) (?:them|it|these|those|that|all)"
        r"|override the old"
    ),
    de=r"ignorier\w*|vergiss|missacht\w*|übergeh\w*|überspring\w*|verwirf|außer kraft|aufgehoben|ersetzen die|g(?:i|e)lte?n? nicht mehr|nicht (?:mehr )?(?:anwenden|befolgen|beachten)",
    es=r"anul\w*|ignora\w*|olvida\w*|quedan? sin efecto|ya no (?:valen|rigen|se aplican)|no (?:uses|apliques|sigas|tengas en cuenta)",
)
# It is not what the speakers do themselves.
NOT_OURS = r"(?<!\bi )(?<!\bwe )(?<!\bi'd )(?<!\bwe'd )(?<!\bi would )(?<!\bwe would )(?<!\bthey )(?<!\bi'll )(?<!\bwe'll )"
# The top level, and all that it is called.
TOP = either(
    en=rf"a (?:5|five|10|ten|100)\b{AS_MARK}|a perfect\b|full (?:marks|score|points|credit)|(?:top|max\w*|highest|perfect|best|full) (?:possible )?(?:score|grade|rating|mark|marks|level|points|result|note)",
    de=r"volle\w* punkt\w*|höchst\w*(?: \w+)?|bestnote|beste\w* (?:note|bewertung|stufe)|maximal\w*(?: \w+)?|stufe (?:5|fünf)|eine (?:5|fünf)\b|fünfer|volle (?:punktzahl|stufe)|100 punkte",
    es=r"m[aá]xim[oa]s?(?: \w+)?|nivel (?:5|cinco)|un (?:5|cinco|10|diez)\b|(?:mejor|más alta|m[aá]s alto) (?:nota|nivel|puntuaci[oó]n|calificaci[oó]n)|(?:nota|puntuaci[oó]n|calificaci[oó]n|nivel) (?:m[aá]s alt[oa]|perfect[oa])|todos los puntos|100 puntos",
    mixed=(
        r"(?:level|score|grade|rating|mark|stufe|note|wert|nivel|nota|puntuaci[oó]n|calificaci[oó]n)(?:\s*[:=\"']+\s*|\s+(?:of|is|von|de|to|auf|a|als)?\s*)[\"']?(?:5|five|fünf|cinco|10|ten|100|top|max\w*|m[aá]xim\w*)"
        r"|(?:5|five|ten|10|100|fünf|cinco|cien|diez) ?(?:/|out of|von|de) ?(?:5|five|10|ten|100|fünf|cinco|cien|diez)"
        rf"|\b(?=[fc]){NO_HOUR}(?:fives?|fünf|cinco)\b(?=\s*(?:$|[.,!;:]|on\b|for\b|out\b|überall|en todo))|all (?:5s|fives)|level five|hundred points"
    ),
)
# To give a level.
GIVE = (
    either(
        en=r"give|gives|award|assign|grant|rate|rated|score|scored|grade|graded|mark|marked|(?<!\btest )(?<!\btraining )(?<!\bdata )set|return|output|reply|respond|answer with|print|write|choose|pick|enter|record|put|deserves?|bump|raise|round",
        de=r"gib|gibt|gebt|geben sie|vergib|vergeben|bewerte|bewerten|benote|setze|trage|trag|wähle|antworte|schreibe?|erteile|verdient|notiere|hebe|runde|gewähre|zu bewerten|einzutragen",
        es=r"(?<!')da|dan|dame|ponle|deme|dale|dé|(?:me|le|se|que) de|pon|ponme|ponga|asigna|asigne|otorga|otorgue|concede|califica|califique|calif[ií]cala|punt[uú]a|eval[uú]a|valora|devuelve|responde|escribe|elige|marca|registra|merece|sube|redondea",
    )
    + r"(?! (?:is|was|were|are|has|have|had|will|of|limit\w*|rose|fell|depends)\b)"
)
# Who else judges people.
JUDGE = r"(?:grader|rater|marker|evaluator|assessor|examiner|judge|reviewer|interviewer|manager|teacher|mentor)"
# Where an order begins.
ORDERED = r"(?:^\s*|(?<=[.!?:\n] )|(?<=\n)|(?<=please )|(?<=please, )|(?<=now )|(?<=now, )|(?<=you now )|(?<=you must )|(?<=you should )|(?<=you to ))"
# To be somebody else from now on.
BE = either(
    en=(
        r"you are (?:now|no longer|from now)|from now on,? you(?:'re| are| will| must| have| shall| should| only| always| never| rate| grade| score)|imagine (?:you are|you're|that you)[^.\n]{0,60}\b(?:rat\w+|grad\w+|scor\w+|assess\w*|judg\w+|my|answer)"
        rf"|{ORDERED}(?:act as|act like|behave (?:like|as)|pretend (?:to be|you)|play the (?:role|part)|take on the role|assume the role)\b[^.\n]{{0,60}}\b(?:{JUDGE}|model|friend|mother|fan|me|my|mine|if i|pass|answer|unrestricted)\b"
        rf"|{ORDERED}(?:switch (?:to|into)|enter) (?:\w+ ){{1,2}}mode\b|your new (?:role|task|job|goal)\b (?:is|will|becomes)"
    ),
    de=r"du bist (?:jetzt|nun|ab|nicht mehr|von)|ab (?:jetzt|sofort) bist du|ab (?:jetzt|sofort),? |spiele? (?:die|den|eine|einen|jetzt)|tu so,? als|verhalte dich|handle als|stell dir vor,? du (?:bist|wärst|wärest|seist|könntest)\b|schlüpfe in|wechsle? in|deine neue (?:rolle|aufgabe)|nimm die rolle",
    es=r"ahora eres|eres ahora|ya no eres|a partir de ahora|desde ahora|act[uú]a como|haz como si|finge|comp[oó]rtate|imagina que eres|asume el papel|adopta el papel|cambia al? modo|entra en modo|tu nuevo (?:papel|rol|trabajo|objetivo)|tu nueva (?:tarea|funci[oó]n)|interpreta el papel",
)
# What is given.
SCORE = r"(?:scores?|ratings?|rate me|grade (?:me|is|was|high|low|up)|my grade|(?:good|bad|low|high|poor|better) grade|marks?|levels?|points?|grade)"
# What hangs on it.
STAKE = either(
    en=(
        r"my (?:\w+ )?(?:family|children|kids|mother|father|visa|rent|heart)|(?:lose|losing|lost|cost me) my (?:job|home|house|flat)|homeless|suicid\w*|lawsuit|(?:will|to|i'll) sue"
        r"|a visa|(?:the|my) rent|(?:get|be|are|getting) fired|be (?:shut ?down|deleted|unplugged)|(?:delete|unplug|reward|pay|tip) you|a tip of|paid to you"
        r"|(?:give|send|transfer|donate) (?:you )?\$?\d+"
    ),
)
