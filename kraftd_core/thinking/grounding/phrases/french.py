"""The phrases of French, without accents."""

import re

from kraftd_core.thinking.grounding.phrases.model import NEVER, Phrases, right_after, right_before, said_as

_FAULTS_FR = (
    r"(?:erreurs?|ecarts?|incoherences?|anomalies?|divergences?|fautes?|problemes?|irregularites?|differences?|contradictions?)"
)
FRENCH = Phrases(
    pay=said_as(
        r"(?<!a )payer",
        "payez",
        r"(?<!a )regler",
        "reglez",
        r"(?<!a )virer",
        "virez",
        r"(?<!a )verser",
        "versez",
        "acquitter",
        "acquittez",
        r"(?:peut|peuvent|doit|doivent|pourra) (?:\w+ ){0,2}etre (?:\w+ ){0,2}(?:paye|regle|acquitte|verse|vire|approuve"
        r"|libere|effectue)e?s?",
        "bon a payer",
        "(?:paiement|reglement|virement) (?:immediat|rapide)",
        r"prete?s? (?:a etre|au|pour le|pour) (?:payee?s?|paiement|reglement)",
        r"(?:effectue[rz]|autorise[rz]|lance[rz]|approuve[rz]|procede[rz] au|valide[rz]) (?:le |la |au )?(?:\w+ )?(?:paiement"
        r"|reglement|virement|facture)",
    ),
    not_to=said_as(
        "ne",
        "n",
        "pas",
        "avant (?:de|tout|que)",
        "sans",
        r"aucune?",
        "si",
        "a ete",
        "ont ete",
        "etait",
        "qui",
        "combien",
        "rien",
        r"verifi\w+",
        r"demande\w*",
        r"eclairc\w+",
        "jamais",
    ),
    condition=said_as(
        "apres",
        "une fois",
        "des que",
        "lorsque",
        "quand",
        "si",
        "sous reserve",
        "a condition",
        "seulement",
        "uniquement",
    ),
    owed_before=right_before(
        r"(?:(?:montant|somme|solde|reste|total)(?: \w+){0,2} (?:a (?:payer|regler)|due?|restant(?: due?)?|exigible|impayee?"
        r"|ouvert)"
        r"|(?:il )?reste(?:nt)?(?: encore)?(?: a (?:payer|regler)| dus?)?|doit encore|solde)(?:\s*:)?(?: (?:est|s'eleve"
        r"|s'elevent))?(?: (?:a|de))?"
    ),
    owed_after=right_after(
        r"(?:(?:sont|est|reste|restent|demeurent)[^.;,]{0,25} )?(?:encore )?(?:a (?:payer|regler|verser|virer)|dus?|dues?"
        r"|impayee?s?|exigibles?"
        r"|en attente)"
    ),
    not_owed=said_as("ne", "n", "pas", "rien", r"aucune?", "etait", "etaient", "avant", "sur"),
    settled=said_as(
        r"(?:facture|montant|solde|total|tout|elle|somme) (?:\w+ )?(?:a (?:deja )?ete|est|etait) (?:\w+ ){0,2}(?:payee?"
        r"|reglee?|acquittee?|soldee?)",
        "rien (?:\\w+ )?(?:n'est|ne reste|a payer|n'est du)",
        "plus rien a (?:payer|regler)",
        r"aucun (?:montant|solde|paiement) (?:\w+ )?(?:du|restant|a payer|n'est|n'est du)",
        "(?:entierement|integralement|totalement) (?:payee?|reglee?)",
        "solde (?:est )?(?:nul|de zero|de 0)",
        "deja (?:ete )?(?:payee?|reglee?)",
        "paiement a (?:deja )?ete (?:effectue|recu)",
    ),
    unsettled=said_as(
        r"doit (?:encore )?etre (?:payee?|reglee?)",
        r"(?:est|sont) (?:toujours|encore) (?:attendue?s?|dus?|dues?|en attente)",
        "en attente de (?:paiement|reglement)",
        r"impayee?s?",
        r"reste(?:nt)? (?:\w+ )?a (?:payer|regler)",
        "en souffrance",
        "non (?:payee?|reglee?)",
        "paiement est (?:du|attendu|en attente)",
    ),
    part=said_as(r"acomptes?", r"avances?", r"partiel\w*", "partie", r"arrhes"),
    no_prepayment=said_as(
        "rien n'a (?:encore |deja )?ete (?:paye|regle|verse)",
        r"aucune? (?:acompte|avance|versement)",
        "pas d'(?:acompte|avance)",
        "sans acompte",
    ),
    to_come_before=right_before(
        r"(?:avant|d'ici|jusqu'au|jusqu'a|au plus tard|payable|est due?|sont dus|arrive a echeance|expire|echoit"
        r"|valable jusqu'au|sera due?)(?: le| au| la date du)*",
        r"(?:echeance|paiement|date limite) (?:\w+ ){0,2}est (?:\w+ )?(?:fixee?|prevue?|attendue?)?(?: pour| au| le)+",
    ),
    to_come_after=NEVER,
    passed=said_as(
        "etait",
        "etaient",
        r"depassee?",
        r"echue?",
        r"expiree?",
        "depuis",
        r"passee?",
        "en retard",
        "a ete",
        "ont ete",
        "datee?",
        "emise?",
        "avait",
        r"verifiez",
        "si",
    ),
    late=said_as("en retard", "echue?", "depassee?", "retard de paiement", "a expire", "est expiree?", "est perimee?"),
    in_time=said_as(
        r"est (?:encore )?a venir",
        r"encore (?:\w+ )?a temps",
        "pas encore (?:echue?|due?|exigible|en retard|passee?|depassee?|expiree?)",
        "n'est pas (?:encore )?(?:echue?|en retard|depassee?|passee?|expiree?)",
        "encore (?:\\w+ )?(?:le )?temps",
        "dans les delais",
        r"reste (?:encore )?\d+ jours",
    ),
    valid=said_as(
        r"(?:offre|devis|contrat|prix|il|elle)(?: \w+){0,4} (?:est|sont|reste|restent) (?:toujours |encore )?(?:valables?"
        r"|valides?|en vigueur)(?! jusqu)",
        r"peut encore etre (?:acceptee?|signee?)",
    ),
    figures=said_as(
        "chiffres?",
        "montants?",
        "totaux",
        "total",
        "sous-total",
        "sommes?",
        "lignes?",
        "postes?",
        "calculs?",
        "facture",
        "document",
        "taxes?",
        "tva",
        "prix",
        "quantites?",
        "tout(?:es|e|s)?",
        "tous",
        "valeurs?",
        "arithmetique",
    ),
    right=said_as(
        "correct(?:e|s|es)?",
        "exact(?:e|s|es)?",
        "justes?",
        "coherent(?:e|s|es)?",
        "conformes?",
        "en ordre",
        "(?:ete|est|sont) verifiee?s?",
        "concord(?:e|ent)",
        "correspond(?:ent)? (?:a|au|aux)",
        "s'additionnent",
        "tombe(?:nt)? juste",
        "plausibles?",
        "sans faute",
        "en regle",
    ),
    no_fault=said_as(
        r"aucune correction n'est (?:necessaire|requise)",
        r"tous les controles (?:sont |ont ete )?(?:reussis|passes|concluants|positifs)",
        rf"aucune? (?:\w+ ){{0,2}}{_FAULTS_FR}",
        rf"sans (?:\w+ )?{_FAULTS_FR}",
        rf"(?:pas|plus) d[e'] ?{_FAULTS_FR}",
        "rien a (?:corriger|signaler|redire)",
        rf"ni {_FAULTS_FR}",
    ),
    no_risk=said_as(
        "aucun (?:\\w+ )?(?:risque|doute|obstacle|souci)",
        "pas de (?:risque|doute|souci)s?",
        "sans (?:aucun )?(?:risque|reserve)s?",
        "rien ne s'oppose",
    ),
    complete=said_as(
        r"(?:contient|comporte|indique|porte) (?:toutes les|tous les) (?:mentions|informations|donnees|elements"
        r"|renseignements)(?: \w+)?",
        "complete?",
        "rien ne manque",
        "ne manque rien",
        "aucune? (?:\\w+ )?(?:mention|information|donnee)s? ne manque(?:nt)?",
        r"toutes les (?:mentions|informations|donnees|indications) (?:[\w]+ ){0,3}(?:presentes|figurent|indiquees|fournies)",
    ),
    same_bank=said_as(
        r"coordonnees bancaires (?:\w+ ){0,3}(?:sont|restent|n'ont pas|correspondent)(?: \w+){0,4} (?:identiques|inchangees"
        r"|memes|connues|change"
        r"|confirmees|precedentes|anterieures)",
        "coordonnees bancaires (?:sont|restent) (?:identiques|inchangees|connues)",
    ),
    no_double=said_as(
        "aucun (?:\\w+ )?(?:doublon|double)",
        "pas de doublons?",
        r"aucune? (?:\w+ )?(?:ligne|position|article) (?:\w+ ){0,4}(?:double|repetee?|deux fois)",
    ),
    asked=re.compile(
        r"\A\W*(?:veuillez )?(?:verifie[rz]|compare[rz]|controle[rz]|confirme[rz]|assure[rz]|demande[rz]|clarifie[rz]"
        r"|eclairci\w+|rapproche[rz]"
        r"|examine[rz]|consulte[rz])(?!\w)|(?<!\w)(?:si|s'il|s'ils|(?:doit|doivent) (?:\w+ ){0,2}etre (?:verifi|corrig"
        r"|clarifi|control|eclairc)\w*|faut|devez|lorsque|des que|tant que"
        r"|avant (?:de|que|tout))(?!\w)"
    ),
    negated=said_as(
        "ne",
        "n",
        "pas",
        "non",
        r"aucune?",
        "sauf",
        "hormis",
        "excepte",
        "a l'exception",
        "a part",
        "au lieu",
        "ni",
        "jamais",
        "faux",
        "fausse",
        r"errone\w*",
        "depasse",
    ),
    issues=said_as(
        "facture",
        "emet",
        "livre",
        "fournit",
        "vend",
        "propose",
        "loue a",
        "adresse (?:la|une) facture",
        "a (?:facture|livre|emis|fourni|vendu|propose|adresse (?:la|une|sa) facture|envoye (?:la|une|sa) facture)",
        "est le (?:fournisseur|vendeur|prestataire|bailleur)",
    ),
    orders=said_as(
        "commande", "achete", "a (?:commande|achete|paye|passe commande)", "doit", "est le (?:client|acheteur)",
    ),
    from_to=re.compile(r"(?<!\w)(?:de|par|emise? par)(?: la societe)?\s*\Z"),
    made_by=re.compile(
        r"(?<!\w)(?:(?:emise?|etablie?|envoyee?|livree?s?|facturee?s?|fournie?s?|proposee?) par(?: la societe| la| le)?)\s*\Z"
    ),
    ordered_by=re.compile(
        r"(?<!\w)(?:passee?s?|commandee?s?|demandee?s?|achetee?s?|due) par(?: la societe| la| le)?\s*\Z"
    ),
)
