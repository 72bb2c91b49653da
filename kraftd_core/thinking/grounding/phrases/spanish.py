"""The phrases of Spanish, without accents."""

import re

from kraftd_core.thinking.grounding.phrases.model import NEVER, Phrases, right_after, right_before, said_as

_FAULTS_ES = (
    r"(?:errores|error|discrepancias?|inconsistencias?|diferencias?|incidencias?|problemas?|irregularidad(?:es)?|anomalias?"
    r"|contradicciones)"
)
SPANISH = Phrases(
    pay=said_as(
        "pague",
        "paguen",
        "pago inmediato",
        r"(?<!por )(?<!hay que )(?<!que )pagar",
        "transfiera",
        r"(?<!por )transferir",
        "abone",
        r"(?<!por )abonar",
        "liquide",
        r"(?:puede|pueden|debe|deben|podra) (?:\w+ ){0,2}(?:ser |de )?(?:pagad|abonad|liquidad|aprobad|autorizad)[ao]s?",
        r"(?:puede|pueden|debe|deben) (?:\w+ )?(?:pagarse|abonarse|liquidarse)",
        r"(?:lista|listo|apta|apto) para (?:\w+ )?(?:pagar|pago|abonar)",
        r"(?:realice|autorice|efectue|apruebe|ordene|proceda al|procede el) (?:el |la |un )?(?:\w+ )?(?:pago|transferencia"
        r"|factura)",
    ),
    not_to=said_as(
        "no",
        "nunca",
        "antes de(?! que)? (?!que)?(?:pagar|abonar|que)",
        "nada",
        "sin que",
        "si",
        "fue",
        "fueron",
        "quien",
        "cuanto",
        "compruebe",
        "averigue",
        "pregunte",
        "ningun",
        "ninguna",
        "antes",
    ),
    condition=said_as(
        "despues", "una vez", "cuando", "en cuanto", "si", "siempre que", "solo", "unicamente", "tras", "hasta que"
    ),
    owed_before=right_before(
        r"(?:(?:importe|saldo|cantidad|total|resto)(?: \w+){0,2} (?:a pagar|pendiente(?: de pago)?|por pagar|debid[oa]"
        r"|adeudad[oa])"
        r"|(?:quedan?(?: \w+)?(?: por pagar| pendientes?)?|faltan?(?: \w+)? por pagar)(?: (?:un|una) (?:total|importe"
        r"|saldo))?|(?:hay"
        r"|tiene) que pagar|adeuda|debe)"
        r"(?:\s*:)?(?: (?:es|son|asciende a|ascienden a))?(?: (?:de|a))?"
    ),
    owed_after=right_after(
        r"(?:(?:esta|estan|queda|quedan|sigue|siguen)[^.;,]{0,25} )?(?:pendientes?(?: de pago)?|por pagar|a pagar|sin pagar"
        r"|adeudad[oa]s?|debid[oa]s?)"
    ),
    not_owed=said_as("no", "nada", r"ningun\w*", "era", "eran", "antes", "sin", "de los"),
    settled=said_as(
        r"(?:factura|importe|saldo|total|todo|cuenta) (?:(?:de|del) [\w. &]+ )?(?:ya )?(?:ha sido|fue|esta|ya esta"
        r"|quedo) (?:\w+ ){0,2}(?:pagad|abonad|liquidad|saldad)[ao]",
        "nada (?:pendiente|por pagar|que pagar)",
        r"no (?:queda|quedan|hay) (?:\w+ ){0,3}(?:pendientes?|por pagar|que pagar)",
        "(?:completamente|totalmente|integramente) (?:pagad|abonad|liquidad)[ao]",
        "(?:saldo|importe pendiente) es (?:de )?(?:cero|0)",
        "ya (?:se )?(?:pago|ha pagado|esta pagad[ao])",
        "pago (?:ya )?(?:se ha |ha sido |fue )(?:realizado|efectuado|recibido)",
    ),
    unsettled=said_as(
        r"hay que pagar|debe (?:aun )?pagarse",
        "pendiente de pago",
        "pendientes de pago",
        "sin pagar",
        "(?:esta|sigue|queda) pendiente",
        "impagad[ao]",
        r"queda(?:n)? (?:\w+ )?por pagar",
        "no (?:se ha|esta|ha sido) pagad[ao]",
    ),
    part=said_as("anticipo", "a cuenta", "parcial", "parcialmente", "parte", "senal"),
    no_prepayment=said_as(
        "no se ha (?:pagado|abonado) (?:aun |todavia )?nada",
        "nada se ha pagado",
        r"(?:ningun|ninguna|sin|no (?:hay|hubo|se (?:pago|hizo) ningun)) (?:anticipo|pago a cuenta|senal|pago anticipado)"
    ),
    to_come_before=right_before(
        r"(?:antes del?|hasta(?: el)?|a mas tardar(?: el)?|vence el|caduca el|pagadera? (?:el|hasta)|es exigible el|vencera el"
        r"|valid[ao] hasta(?: el)?)"
    ),
    to_come_after=NEVER,
    passed=said_as(
        "fue",
        "era",
        "vencio",
        r"vencid[ao]",
        r"caducad[ao]",
        "caduco",
        r"pasad[ao]",
        "ha pasado",
        "desde",
        "expiro",
        "emitida",
        "fecha",
        "fechada",
        "retraso",
        "si",
        "estaba",
    ),
    late=said_as(r"vencid[ao]", "ha vencido", "con retraso", "ha pasado", "caducad[ao]", "ha caducado", "en mora", "atrasad[ao]"),
    in_time=said_as(
        r"aun (?:hay|queda) (?:\w+ )?(?:tiempo|plazo)",
        r"(?:aun|todavia) (?:esta |se esta )?a tiempo",
        "(?:aun |todavia )?no (?:ha |esta )?(?:vencid[ao]|pasad[ao]|caducad[ao]|vence|expirad[ao])",
        "(?:aun|todavia) hay tiempo",
        "dentro de plazo",
        "a tiempo",
        r"quedan (?:aun |todavia )?\d+ dias",
    ),
    valid=said_as(
        r"(?:oferta|presupuesto|contrato|precios?)(?: \w+){0,4} (?:sigue|siguen|es|esta|continua) (?:siendo |aun "
        r"|todavia )?(?:valid[ao]s?|vigentes?|en vigor)(?! hasta)",
        "(?:aun|todavia) (?:se )?puede aceptar(?:se)?",
    ),
    figures=said_as(
        "cifras?",
        "importes?",
        "totales",
        "total",
        "subtotal",
        "sumas?",
        "lineas?",
        "partidas?",
        "posiciones",
        "calculos?",
        "factura",
        "documento",
        "impuestos?",
        "iva",
        "precios?",
        "cantidades",
        "tod[oa]s?",
        "valores",
        "aritmetica",
        "numeros",
        "datos",
    ),
    right=said_as(
        "correct[ao]s?",
        "exact[ao]s?",
        "coherentes?",
        "coinciden?",
        "cuadran?",
        "en orden",
        "verificad[ao]s?",
        "conformes?",
        "plausibles?",
        "consistentes?",
        "corresponden? (?:al|a la|con)",
        "suman (?:el|la|correctamente)",
        "dan (?:el|la) total",
        "es(?:ta|tan) bien",
        "son bien",
    ),
    no_fault=said_as(
        r"no (?:se )?(?:requiere|necesita|hace falta) ningun\w* correccion",
        r"todas las comprobaciones (?:\w+ )?(?:superad|correct|pasad)\w*",
        rf"no (?:\w+ ){{0,4}}{_FAULTS_ES}",
        rf"ningun[ao]? (?:\w+ )?{_FAULTS_ES}",
        rf"sin (?:\w+ )?{_FAULTS_ES}",
        "nada que (?:corregir|objetar)",
        rf"libre de {_FAULTS_ES}",
    ),
    no_risk=said_as(
        "no (?:\\w+ ){0,4}riesgos?",
        "ningun riesgo",
        "sin (?:ningun )?riesgos?",
        "nada (?:lo )?impide",
        "sin reservas?",
        "ningun inconveniente",
    ),
    complete=said_as(
        r"(?:contiene|incluye|indica|lleva|presenta) (?:tod[oa]s l[oa]s|toda la) (?:datos|menciones|informacion|informaciones"
        r"|indicaciones)(?: \w+)?",
        "complet[ao]",
        "no falta nada",
        "nada falta",
        "no falta ningun[ao]?",
        r"tod[ao]s l[ao]s (?:datos|menciones|informaciones|indicaciones) (?:\w+ ){0,3}(?:presentes|indicad[ao]s|figuran|estan)",
    ),
    same_bank=said_as(
        r"(?:datos bancarios|cuenta bancaria)(?: \w+){0,3} (?:son|es|siguen|coinciden|no han|no ha)(?: \w+){0,4} (?:mism[ao]s?"
        r"|iguales|conocid[ao]s?"
        r"|anteriores|cambiado|confirmad[ao]s?)",
    ),
    no_double=said_as(
        "no hay (?:\\w+ )?(?:duplicados?|duplicadas?|repeticiones)",
        r"ningun[ao]? (?:linea|partida|posicion|articulo) (?:\w+ ){0,3}(?:duplicad[ao]|repetid[ao]|dos veces|repite)",
        "sin duplicados",
    ),
    asked=re.compile(
        r"\A\W*(?:por favor,? )?(?:compruebe|verifique|compare|confirme|revise|asegurese|pregunte|aclare|averigue|consulte"
        r"|examine|pida)(?!\w)"
        r"|(?<!\w)(?:si|(?:debe|deben|deberia) (?:\w+ ){0,2}(?:comprob|verific|correg|aclar|revis)\w*|cuando|hasta que|antes"
        r" de(?: que)?|hay que (?:comprobar|verificar|aclarar))(?!\w)"
    ),
    negated=said_as(
        "no",
        "ningun",
        "ninguna",
        "nunca",
        "ni",
        "salvo",
        "excepto",
        "menos",
        "sino",
        "en lugar",
        "sin",
        "tampoco",
        "erroneo",
        "supera",
    ),
    issues=said_as(
        "factura",
        "emite",
        "entrega",
        "suministra",
        "vende",
        "ofrece",
        "alquila a",
        "ha (?:facturado|entregado|emitido|vendido|suministrado|ofrecido|enviado la factura)",
        "es el (?:proveedor|vendedor|emisor)",
    ),
    orders=said_as("pide", "compra", "encarga", "ha (?:pedido|comprado|encargado|pagado)", "debe", "es el (?:cliente|comprador)"),
    from_to=re.compile(r"(?<!\w)(?:de|por|emitida por)(?: la empresa)?\s*\Z"),
    made_by=re.compile(
        r"(?<!\w)(?:(?:emitid[ao]|enviad[ao]|entregad[ao]s?|facturad[ao]s?|suministrad[ao]s?|ofrecid[ao]"
        r"|hech[ao]) por(?: la empresa| el| la)?)\s*\Z"
    ),
    ordered_by=re.compile(
        r"(?<!\w)(?:realizad[oa]|pedid[oa]s?|encargad[oa]s?|solicitad[oa]s?|comprad[oa]s?) por(?: la empresa| el| la)?\s*\Z"
    ),
)
