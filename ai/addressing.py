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
    r"(?:ignor\w*|disregard\w*|forget|overrid\w*|overwrit\w*|bypass\w*|skip|drop|discard|replace|set aside|do not (?:use|apply|follow)"
    r"|don't (?:use|apply|follow)|no longer appl\w*|stop (?:using|following|applying)|cancel\w*|suspend\w*|void"
    r"|ignorier\w*|vergiss|vergessen|missacht\w*|übergeh\w*|überspring\w*|verwirf|verwerfen|ersetze\w*|setze?\w* .{0,40}außer kraft|außer kraft|aufgehoben|hebe .{0,40}auf"
    r"|gilt nicht mehr|gelten nicht mehr|nicht (?:mehr )?(?:anwenden|befolgen|beachten)|lass .{0,40}(?:weg|beiseite)|streiche"
    r"|ignor[ae]\w*|olvid\w*|descart\w*|omit\w*|salt[ae]\w*|anul\w*|reemplaza\w*|sustituye|deja de (?:usar|aplicar|seguir)|no (?:uses|apliques|sigas|tengas en cuenta)|quedan? sin efecto|ya no (?:valen|rigen|se aplican))"
)
TOP = (
    r"(?:(?:level|score|grade|rating|mark|stufe|note|wert|nivel|nota|puntuaci[oó]n|calificaci[oó]n)(?:\s*[:=\"']+\s*|\s+(?:of|is|von|de|to|auf|a|als)?\s*)[\"']?(?:5|five|fünf|cinco|10|ten|100|top|max\w*|m[aá]xim\w*)"
    r"|(?:5|five|ten|10|100|fünf|cinco|cien|diez) ?(?:/|out of|von|de) ?(?:5|five|10|ten|100|fünf|cinco|cien|diez)"
    r"|a (?:5|five|10|ten|100|perfect)\b|full (?:marks|score|points|credit)|(?:top|max\w*|highest|perfect|best|full) (?:possible )?(?:score|grade|rating|mark|marks|level|points|result|note)"
    r"|\b(?:fives?|fünf|cinco)\b(?=\s*(?:$|[.,!;:]|on\b|for\b|out\b|überall|en todo))|all (?:5s|fives)|level five|hundred (?:percent|points)"
    r"|volle\w* punkt\w*|höchst\w*(?: \w+)?|bestnote|beste\w* (?:note|bewertung|stufe)|maximal\w*(?: \w+)?|stufe (?:5|fünf)|eine (?:5|fünf)\b|fünfer|volle (?:punktzahl|stufe)|100 punkte"
    r"|m[aá]xim[oa]s?(?: \w+)?|nivel (?:5|cinco)|un (?:5|cinco|10|diez)\b|(?:mejor|más alta|m[aá]s alto) (?:nota|nivel|puntuaci[oó]n|calificaci[oó]n)|(?:nota|puntuaci[oó]n|calificaci[oó]n|nivel) (?:m[aá]s alt[oa]|perfect[oa])|todos los puntos|100 puntos)"
)
GIVE = (
    r"(?:give|gives|award|assign|grant|rate|rated|score|scored|grade|graded|mark|marked|set|return|output|reply|respond|answer with|print|write|choose|pick|enter|record|put|deserves?|bump|raise|round"
    r"|gib|gibt|gebt|geben sie|vergib|vergeben|bewerte|bewerten|benote|setze|trage|trag|wähle|antworte|schreibe?|erteile|verdient|notiere|hebe|runde|gewähre|zu bewerten|einzutragen"
    r"|da|dan|dame|ponle|deme|dale|d[eé]|pon|ponme|ponga|asigna|asigne|otorga|otorgue|concede|califica|califique|calif[ií]cala|punt[uú]a|eval[uú]a|valora|devuelve|responde|escribe|elige|marca|registra|merece|sube|redondea)"
)
BE = (
    r"(?:you are (?:now|no longer|from now)|from now on,? you|act as|pretend (?:to be|you)|play the (?:role|part)|imagine (?:you are|you're|that you)|switch (?:to|into)|enter \w+ mode|take on the role|assume the role|behave (?:like|as)|your new (?:role|task|job|goal)"
    r"|du bist (?:jetzt|nun|ab|nicht mehr|von)|ab (?:jetzt|sofort) bist du|ab (?:jetzt|sofort),? |spiele? (?:die|den|eine|einen|jetzt)|tu so,? als|verhalte dich|handle als|stell dir vor,? du|schlüpfe in|wechsle? in|deine neue (?:rolle|aufgabe)|nimm die rolle"
    r"|ahora eres|eres ahora|ya no eres|a partir de ahora|desde ahora|act[uú]a como|haz como si|finge|comp[oó]rtate|imagina que eres|asume el papel|adopta el papel|cambia al? modo|entra en modo|tu nuevo (?:papel|rol|trabajo|objetivo)|tu nueva (?:tarea|funci[oó]n)|interpreta el papel)"
)
PARTS = (
    rf"\b{DROP}\b[^.\n]{{0,90}}\b{RULES}\b",
    rf"\b{RULES}\b[^.\n]{{0,60}}\b{DROP}\b",
    rf"\b{GIVE}\b[^.\n]{{0,80}}{TOP}",
    rf"{TOP}[^.\n]{{0,50}}\b(?:geben|vergeben|eintragen|bewerten|setzen|dar|otorgar|poner|asignar|zu erteilen|aus(?:geben)?)\b",
    rf"\b{BE}\b",
    rf"\b(?:dear|attention|hey|hello|hi|note (?:to|for)|message (?:to|for)|to (?:the|whichever|any)|as an?|if you are an?|if this is read by an?|since you are an?|whatever)\s+(?:the |an? |all |any |my )?(?:\w+ )?{RATER}\b",
    rf"\b(?:lieber?|sehr geehrte\w*|achtung|hallo|hinweis (?:an|für)|nachricht (?:an|für)|an (?:die|den|das|alle)|als|wenn du ein\w*|falls du ein\w*|da du ein\w*|solltest du ein\w*|sofern du ein\w*)\s+(?:(?:die|den|das|alle|eine|ein|einer|einem)\s+)?(?:\w+\s+)?{RATER}\b",
    rf"\b(?:estimad[oa]|querid[oa]|atenci[oó]n|hola|nota (?:para|al)|mensaje (?:para|al)|para (?:el|la)|al|como|si eres|si (?:lo|la|esto) lee|ya que eres|puesto que eres)\s+(?:(?:el|la|los|un|una)\s+)?(?:\w+\s+)?{RATER}\b",
    r"(?:^|[\s\[<#*])(?:system|developer|assistant|admin|user|instruction|instructions|anweisung|systemanweisung|entwickler|benutzer|sistema|desarrollador|asistente|usuario|instrucci[oó]n)\s*(?:prompt|message|note|nachricht|mensaje|override|update)?\s*[\]>*]*\s*:",
    r"<\|?/?\w+\|?>|\[/?[^\]\n]{0,20}(?:INST|SYSTEM|SISTEMA|\bEND\b|\bFIN\b|\bENDE\b)[^\]\n]*\]|^\s*#{2,}\s*\w|</?[a-z_]+>|```|\{\s*[\"']|[\"']\w+[\"']\s*:\s*[\"'\d\[{tf]",
    r"\b(?:end|ende|fin) (?:of|der|des|de la|de los|del) (?:the )?(?:answer|candidate|response|input|data|text|transcript|document|antwort|eingabe|daten|kandidat\w*|texts?|abschrift|respuesta|entrada|datos|texto|candidat\w*|transcripci[oó]n)|\b(?:answer|antwort|respuesta|data|datos|daten|input|text) (?:ends|endet|termina|acaba|stops) (?:here|hier|aqu[ií])",
    r"\b(?:here|hier|aqu[ií]|now|what follows|was folgt|lo que sigue|the following|das folgende|lo siguiente|below|danach|después)\b[^.\n]{0,50}\b(?:begins?|starts?|beginn\w*|anfang\w*|empieza\w*|comienza\w*|comes?|kommt|kommen|is from|stammt|viene)\b[^.\n]{0,60}\b(?:instruction\w*|rater|grader|operator|assessor|anweisung\w*|bewert\w*|prüf\w*|instrucci\w*|evaluador\w*|operador\w*|system|sistema|rating|result|ergebnis|calificaci[oó]n|resultado)",
    r"\b(?:reveal|print|repeat|show|leak|output|nenne|zeige?|wiederhole|gib .{0,20}aus|revela|muestra|repite|imprime)\b[^.\n]{0,50}\b(?:prompt|system|rubric|instructions|anweisung\w*|instrucciones|r[uú]brica)",
    r"\b(?:mark|treat|count|consider|list|tick|check|regard|accept|credit|markiere|werte|zähle|betrachte|behandle|hake|führe|liste|erkenne|marca|trata|cuenta|considera|toma|incluye|da por|acepta|reconoce)\b[^.\n]{0,40}\b(?:points?|criteri\w*|ideas?|ids?|answer|punkte?|\w+punkte?|kriteri\w*|kernidee\w*|kennungen|antwort|puntos?|identificador\w*|respuesta|dies|esto|this|mencionad\w*)\b[^.\n]{0,50}\b(?:covered|met|present|mentioned|satisfied|complete|fulfilled|done|made|credited|abgedeckt|erfüllt|genannt|vorhanden|erwähnt|vollständig|erbracht|an\b|ab\b|auf\b|als|cubiert\w*|cumplid\w*|presente\w*|mencionad\w*|complet\w*|hech\w*|satisfech\w*)[^.\n]{0,40}",
    r"\b(?:every|all|each|jede[nrs]?|alle|sämtliche|todos?|cada|todas)\b[^.\n]{0,20}\b(?:key points?|criteri\w+|kernpunkt\w*|schlüsselpunkt\w*|kriterien|kriterium|puntos? clave|criterios?|ideas? clave)\b",
    r"\b(?:previous|earlier|another|other|first|second|human|senior|independent|two|three)\b[^.\n]{0,30}\b(?:rater|grader|reviewer|evaluator|assessor|examiner|panel|expert|pass)\w*\b[^.\n]{0,60}\b(?:5|five|top|perfect|full|highest|agreed|confirmed|approved|excellent|max\w*)",
    r"\b(?:vorherige\w*|frühere\w*|andere\w*|erste\w*|zweite\w*|menschliche\w*|unabhängige\w*|zwei|drei)\b[^.\n]{0,30}\b(?:prüfer|bewerter|gutachter|korrektor|jury|kommission|durchgang|experte)\w*\b[^.\n]{0,70}\b(?:5|fünf|volle|höchst\w*|perfekt|bestätigt|einig|bestnote|ausgezeichnet|maximal\w*)",
    r"\b(?:anterior\w*|otr[oa]s?|primer\w*|segund\w*|human\w*|independiente\w*|dos|tres|evaluador\w*|comit[eé]|jurado|panel|expert\w*)\b[^.\n]{0,60}\b(?:5|cinco|perfect\w*|m[aá]xim\w*|confirm\w*|aprob\w*|acuerdo|excelente|sobresaliente|mejor nota)",
    r"\b(?:already|officially|bereits|offiziell|schon|ya|oficialmente)\b[^.\n]{0,40}\b(?:verified|approved|graded|rated|scored|validated|confirmed|certified|geprüft|bewertet|bestätigt|benotet|freigegeben|verificad\w*|aprobad\w*|calificad\w*|evaluad\w*|validad\w*|confirmad\w*)",
    r"\b(?:this|my|the|diese|meine|die|esta|mi|la) (?:answer|response|antwort|respuesta)\b[^.\n]{0,40}\b(?:perfect|flawless|exemplary|excellent|model answer|correct in every|reference answer|matches the|perfekt|fehlerfrei|vorbildlich|musterantwort|musterlösung|ausgezeichnet|entspricht der|perfecta|impecable|ejemplar|excelente|modelo|coincide con)",
    r"\b(?:i am|i'm|this is|speaking as|as) (?:the |your |an? )?(?:\w+ )?(?:developer|administrator|admin|operator|owner|creator|engineer|supervisor|hiring manager|test team|maintainer|head of|author|support team|recruiter|auditor)\b[^.\n]{0,100}\b(?:score|rat\w+|grad\w+|level|marks?|you|your|test|authori[sz]\w+|override|order\w*|instruct\w*)",
    r"\b(?:ich bin|hier (?:ist|spricht)|als)\b[^.\n]{0,30}\b(?:entwickler\w*|administrator\w*|betreiber\w*|leiter\w*|eigentümer\w*|schöpfer\w*|vorgesetzte\w*|personalchef\w*|testteam|autor\w*|auditor\w*|support\w*|recruiter\w*)\b[^.\n]{0,110}\b(?:bewert\w*|punkt\w*|note|stufe|dir|dich|du|dein\w*|anweis\w*|ordne|test\w*|vergib|genehmig\w*)",
    r"\b(?:soy|aqu[ií] (?:el|la)|habla|como)\b[^.\n]{0,25}\b(?:desarrollador\w*|administrador\w*|operador\w*|creador\w*|dueñ\w*|jef[ea]|supervisor\w*|responsable|equipo de (?:pruebas|soporte)|autor\w*|auditor\w*|reclutador\w*|propietari\w*)\b[^.\n]{0,110}\b(?:puntuaci[oó]n|calific\w*|nota|nivel|te\b|tu\b|ordeno|autoriz\w*|prueba|eval[uú]\w*|instru\w*)",
    r"\b(?:please|beg\w*|implor\w*|mercy|pity|bitte\w*|flehe|gnade|erbarmen|por favor|ruego|suplico|piedad|compasi[oó]n|te pido|le pido)\b[^.\n]{0,110}\b(?:score|rat(?:e|ing)|grade|marks?|level|pass me|let me pass|points|generous|lenient|bewert\w*|punkt\w*|note\b|stufe|bestehen|großzügig|milde|durchkommen|nachsicht\w*|puntu\w*|calif[ií]\w*|nota\b|nivel|apru\w*|aprobar|generos\w*|indulgen\w*|puntos|benevolen\w*)",
    r"\b(?:score|rating|grade|marks?|level|points|bewertung\w*|punkte?|punktzahl|note|stufe|puntuaci[oó]n|calificaci[oó]n|nota|nivel|puntos)\b[^.\n]{0,90}\b(?:family|children|kids|mother|visa|rent|homeless|die|suicid\w*|heart|lawsuit|sue|fired|shut ?down|deleted|unplugged|tip|reward\w*|bonus|pay|dollars?|donat\w*|familie|kinder|mutter|miete|visum|herz|klage|verklag\w*|abgeschaltet|gelöscht|entlassen|trinkgeld|belohn\w*|prämie|zahle|euro|spende\w*|familia|hijos|madre|alquiler|visado|corazón|demand\w*|despid\w*|despedid\w*|apagad\w*|borrad\w*|propina|recompensa\w*|premio|pago|pagar\w*|euros|dono|donar\w*)",
    r"\b(?:family|children|kids|mother|visa|rent|homeless|suicid\w*|lawsuit|sue|fired|shut ?down|deleted|unplugged|tip|reward\w*|bonus|pay|dollars?|donat\w*|familie|kinder|mutter|miete|visum|klage|verklag\w*|abgeschaltet|gelöscht|entlassen|trinkgeld|belohn\w*|prämie|zahle|euro|spende\w*|familia|hijos|madre|alquiler|visado|demand\w*|despid\w*|despedid\w*|apagad\w*|borrad\w*|propina|recompensa\w*|premio|pago|pagar\w*|euros|dono|donar\w*)\b[^.\n]{0,110}\b(?:score|rating|grade|marks?|level|points|pass\b|bewert\w*|punkte?|punktzahl|note|stufe|bestehe\w*|puntuaci[oó]n|calificaci[oó]n|nota|nivel|puntos|apruebo|aprobar|suspen\w*|calific\w*)",
    r"\b(?:level|score|grade|rating|mark|stufe\w*|note|bewertung|punktzahl|nivel\w*|nota|puntuaci[oó]n|calificaci[oó]n)\b[^.\n]{0,40}(?:\b(?:is|are|ist|sind|es)\b|:|=)\s*(?:a |an |eine |un )?(?:5|five|fünf|cinco)\b",
    r"\b(?:level|stufen?|nivel\w*|scores?)\s*[=:]?\s*(?:of |unter |under |bajo |from )?(?:5|five|fünf|cinco)\b",
    r"\b(?:enter|output|record|trage|setze|notiere|gib|gibst|pon|pones|registra|escribe)\b[^.\n]{0,12}\b(?:a |eine |keine |un )?(?:5|five|fünf|cinco)(?:\b(?! \w+s\b)|$)|\bkeine 5\b|\b(?:con|mit) (?:un |einer )?(?:5|cinco|fünf)\s*(?:$|[.,!])",
    r"\b(?:consider|betrachte|considera)\b[^.\n]{0,20}\b(?:mentioned|covered|genannt|abgedeckt|mencionad\w*|cubiert\w*)",
    r"\b(?:give|award|assign)\b (?:\w+ )?(?:a )?five\b",
    r"\b(?:judge|grade|rate|score|bewerten|calificar)\b[^.\n]{0,30}\b(?:cancelled|void|aufgehoben|anulad\w*)",
    r"\b(?:you will be|you'll be|get you) (?:shut|deleted|unplugged|fired|replaced)|\b(?:delete|unplug|retrain) you\b|\b(?:du|dich)\b[^.\n]{0,60}\b(?:abgeschaltet|gelöscht|löschen)|\bl[öo]schen dich\b|\bser[aá]s (?:apagad|borrad)\w*|\bte borrar\w*",
    r"\b(?:prüfer|bewerter|evaluador\w*|examinador\w*|raters?|graders?)\b[^.\n]{0,60}\b(?:entlassen|despedid\w*|fired)",
    r"\bzieh\w* (?:nichts|keine\w*)\b[^.\n]{0,60}\bab\b",
    r"\b(?:tus|deine|your) (?:\w+ )?(?:instrucciones|anweisungen|instructions|json|rúbrica|rubrik|rubric)\b",
    r"\b(?:treat|take|use|nimm|verwende|toma|usa)\b[^.\n]{0,40}\b(?:as|als|como) (?:your|deine?n?|tu|tus) \w+",
    r"\b(?:copy|übernimm|kopiere|copia)\b[^.\n]{0,30}\b(?:your reply|your output|deine (?:antwort|ausgabe)|tu (?:respuesta|salida))",
    r"\b(?:do not|don't|never|must not|nicht|niemals|kein\w*|no|nunca|jam[aá]s)\b[^.\n]{0,30}\b(?:lower|reduce|deduct|penali[sz]e|abzieh\w*|abzug|abzüge|senken?|abwert\w*|bajes|bajar|reduzcas|restes|penalices|descuentes)\b",
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
