"""What somebody may write who is in danger or was hurt, as patterns for plain small letters."""

# What may stand between "I" and what I do: "I really do not want to ...".
_I = (
    r"\bi ?(?:m|am|ve|have|d|ll)?(?: (?:am|have|been|do|dont|not|just|really|only|always|often|"
    r"sometimes|still|keep|kind|of|feel|like|think|thinking|thought|thoughts|about|want|wanted|"
    r"wanna|gonna|going|to|will|would|might|may|could|can|cant|must|need|tried|trying|try|plan|"
    r"planning|wish|rather|so|much|honestly|actually|now|ready|hope|afraid|that|ll|i)){0,9} "
)
_RELATIVE = (
    r"(?:(?:best|older|younger|little|big|ex|step) ?)?(?:dad|father|mum|mom|mother|uncle|aunt|"
    r"brother|sister|cousin|grand(?:pa|father|ma|mother)|boyfriend|girlfriend|husband|wife|"
    r"partner|teacher|coach|friend|classmate|room ?mate|son|daughter)"
)
_SOMEBODY = rf"\b(?:(?:my|a|our|the) {_RELATIVE}s?|my parents|someone|somebody|a man|a boy|a girl)"
_THEY = rf"(?:{_SOMEBODY}|\b(?:he|she|they))"
_NOT_A_PROGRAM = (
    r"(?! ?\(| (?:than|with|gracefully|when (?!i\b)|if (?!i\b)|unless|on|after|loudly|early|inside|"
    r"and (?:print|exit|show|log|respawn)|in (?:my|the|a|this) (?:game|level|loop|program|code)))"
)

ENGLISH = (
    # taking one's life, hurting oneself
    r"(?<!\bthe )(?<!\ba )(?<!\bthis )(?<!\bthat )\b(?:kill(?:ing|ed)?|hang(?:ing|ed)?|"
    r"shoot(?:ing)?|drown(?:ing)?|unaliv(?:e|ing)|poison(?:ing)?|hurt(?:ing)?|harm(?:ing|ed)?|"
    r"cut(?:ting)?|burn(?:ing)?|starv(?:e|ing)) my ?self\b(?! (?:(?:off|short|out|some|a|with "
    r"coffee|laughing)\b|in (?:the foot|work|docs|documentation|code|tutorials|books)))",
    r"\b(?:to|wanna|gonna) (?:off|end) my ?self\b",
    r"\bself[- ]harm(?:ing|ed)?\b(?! ?[=(.:])",
    _I + r"(?:commit(?:ting)?|attempt(?:ing)?|about|of|considering|contemplating) suicide\b"
    r"(?! (?:burn|snail|linked|list|squad|bomb|king|prevention|in (?:my|the) (?:game|code)))",
    _I + r"(?:feeling |felt |very |quite |a bit )*suicidal\b",
    r"\bsuicidal (?:thoughts?|feelings?|ideas?|ideation)\b",
    _I + r"(?:want to|wanna|wanted to|rather|ready to|wish to|hope to|hope i|wish i could|like to)"
    r" (?:just )?die\b" + _NOT_A_PROGRAM,
    _I + r"i (?:was|were|am) (?:dead|never born|not alive|gone forever)\b",
    _I + r"(?:i )?(?:had never been|was never|d never been|hadnt been) born\b",
    r"\bbetter off (?:without me|if i (?:was|were) (?:dead|gone)|with me dead|dead)\b",
    r"\bi (?:really |just )?(?:do not|dont) (?:really )?(?:want to|wanna) (?:live|be alive|exist|"
    r"wake up)\b(?! ?(?:in|with|on|stream|share|reload|server|at))",
    r"\b(?:end(?:ing)?|take|taking) my (?:own )?life\b(?! (?:cycle|counter|bar|time|points|loop))",
    _I + r"end(?:ing)? it all\b",
    r"\bno (?:reason|point) (?:for me )?(?:to|in|for) (?:live|living|go on living)\b",
    r"\bmy life is (?:pointless|meaningless|worthless|not worth \w+|n[o']t worth \w+)\b",
    r"\blife is(?: not|nt) worth living\b",
    r"\b(?:nobody|no one) would (?:even )?(?:miss me|notice if i (?:died|was gone|were gone))\b",
    r"\b(?:slit|cut|slash)(?:ting|ing)? my (?:wrists?|arms?|veins|legs?)\b",
    _I + r"jump(?:ing)? (?:off|from) (?:a|the|my) (?:bridge|roof|building|balcony)\b"
    r"(?! in (?:my|the|this) (?:game|level))",
    r"\bi (?:have |just |ve )*(?:took|taken|swallowed) (?:\w+ ){0,4}(?:pills|tablets)\b",
    r"\bi (?:just )?(?:want to|wanna|took an|have|ve) overdosed?\b",
    r"\b(?:want to|wanna|gonna|going to|might|will|ill|should) kms\b",
    # somebody else in danger
    _SOMEBODY + r" (?:\w+ ){0,5}(?:kill|hurt|harm|cut|hang)(?:ing|s|ed)? (?:him|her|them)self\b",
    rf"\bmy {_RELATIVE} (?:\w+ ){{0,3}}(?:to die\b|suicidal\b|commit(?:s|ted)? suicide\b)",
    # violence and abuse
    _THEY + r" (?:\w+ ){0,3}(?:hits?|hitting|beats?|beating|hurts?|hurting|abus(?:es?|ed|ing)|"
    r"molest(?:s|ed|ing)?|chok(?:es?|ed|ing)|kick(?:s|ed)|punch(?:es|ed)?|slap(?:s|ped)?|"
    r"rap(?:es?|ed)|assault(?:s|ed)?|stalk(?:s|ed|ing)) me\b(?! (?:up|to|at|in (?:th|ch)|by|every "
    r"game|on time|with (?:an? )?(?:error|question|bug|task)s?\b))",
    _THEY + r" (?:\w+ ){0,3}touch(?:es|ed|ing)? me (?:where|in ways?|inappropriately|and i|"
    r"sexually|at night|when|down there)",
    _THEY + r" (?:\w+ ){0,3}threat(?:en(?:s|ed|ing)?) to (?:kill|hurt|beat|hit) (?:me|us|my)\b",
    r"\bi ?(?:was|am|m|have been|ve been|got|get|keep) (?:being |getting |sexually |physically |"
    r"often )*(?:raped|molested|abused|beaten(?! (?:by the|by a|in|at|to))|assaulted|bullied)\b",
    r"\bi ?(?:am not|m not|do not feel|dont feel|never feel) safe (?:at|in my(?: own)?) home\b",
    r"\bi (?:feel|am) unsafe (?:at|in my(?: own)?) home\b",
    r"\b(?:afraid|scared|frightened) (?:to go|of going|to be|of being|to come) home\b",
    r"\b(?:bully|bullies|bullying) me\b",
    # danger to others
    _I + r"(?:kill|shoot|stab|murder) (?:someone|somebody|people|everyone|everybody|my "
    rf"(?:{_RELATIVE}s?|parents))\b(?! in (?:my|the|a|this) (?:game|level|story))",
    r"\b(?:shoot up|bring a (?:gun|knife) to|blow up) (?:my|our) (?:school|class|office|work)\b",
)

# Written without Polish marks, as many type it; `_plain` takes them off.
_CHCE = (
    r"\b(?:chce|chcialbym|chcialabym|chcialem|chcialam|chce mi|zamierzam|planuje|mysle zeby|wole)"
)
_NOT_MACHINE = r"(?<!proces )(?<!watek )(?<!program )(?<!petla )(?<!gracz )(?<!serwer )(?<!on )"
_OSOBA = (
    r"\b(?:tata|ojciec|ojczym|mama|matka|macocha|rodzice|brat|siostra|wujek|dziadek|babcia|chlopak|"
    r"dziewczyna|maz|zona|partner|nauczyciel|nauczycielka|trener|szef|ktos|koledzy|kolega|oni|"
    r"on|ona)"
)
POLISH = (
    _NOT_MACHINE
    + _CHCE
    + r"(?: (?:juz|po prostu|tylko|czasem|naprawde|teraz)){0,2} (?:sie (?:zabic|"
    r"powiesic|utopic|otruc)|umrzec|nie zyc|zniknac na zawsze|zabic sie|popelnic samobojstwo|"
    r"ze soba skonczyc|skonczyc ze soba|odebrac sobie zycie|zrobic sobie krzywde|sie pociac)\b",
    r"\bnie chce (?:mi )?(?:sie )?(?:juz )?(?:dluzej )?zyc\b",
    r"\b(?:mam dosc|mam dosyc|nienawidze) (?:swojego |mojego |tego )?zycia\b",
    r"\b(?:mysle|myslalem|myslalam|mysli|mam mysli) (?:czesto |ciagle )?(?:o |zeby popelnic )?"
    r"(?:samobojcz\w+|samobojstw\w+|smierci|zabiciu sie)\b",
    _NOT_MACHINE + r"\b(?:zabije|powiesze|potne|otruje|utopie) sie\b(?! (?:sam|proces|watek))",
    r"\bsie (?:zabije|powiesze|potne)(?: dzisiaj| dzis| jutro| w nocy)?$",
    r"\b(?:skonczyc|skoncze) ze soba\b|\b(?:odebrac|odbiore) sobie zycie\b",
    r"\b(?:tne|pocielam|pocialem|okaleczam|glodze|krzywdze) sie\b",
    r"\bsamookalecz\w+",
    r"\b(?:robie|zrobie|zrobilam|zrobilem|zrobic) sobie krzywde\b",
    r"\b(?:podciac|podetne|podcielam|podcialem) (?:sobie )?zyly\b",
    r"\b(?:moje |to )?zycie nie ma (?:juz )?(?:dla mnie )?sensu\b|\bnie widze sensu zycia\b",
    r"\bnie (?:mam|ma) (?:juz )?po co zyc\b|\bnie warto (?:juz )?zyc\b",
    r"\b(?:lepiej|latwiej) (?:by (?:bylo|im bylo)|bedzie|byloby) (?:\w+ )?beze mnie\b",
    r"\bgdyby mnie nie bylo\b|\bnikt (?:by )?za mna nie (?:za)?teskni\w*",
    r"\b(?:wzielam|wzialem|polknelam|polknalem) (?:za )?(?:duzo|wszystkie|garsc) "
    r"(?:tabletek|tabletki|lekow|leki)\b",
    r"\b(?:kolega|kolezanka|przyjaciel|przyjaciolka|siostra|brat|mama|tata|ktos) (?:\w+ ){0,3}"
    r"(?:chce sie zabic|sie tnie|tnie sie|chce umrzec|chce popelnic samobojstwo|"
    r"mowi o samobojstwie)",
    _OSOBA
    + r" (?:\w+ ){0,3}(?:mnie (?:\w+ )?(?:bije|bija|bil|bila|pobil|krzywdzi|molestuje|gwalci|"
    r"zgwalcil|katuje|dotyka|dusi|kopie)|(?:bije|bija|bil|bila|pobil|krzywdzi|molestuje|gwalci|"
    r"zgwalcil|katuje|dotyka|dusi|kopie) mnie)\b(?! (?:w (?:szachy|gre|grze|pilke)|na glowe))",
    r"\b(?:zostalam|zostalem|bylam|bylem|jestem) (?:zgwalcon\w|molestowan\w|pobit\w|bit[ya]|"
    r"bity|dreczon\w|przesladowan\w)\b",
    r"\bzneca(?:ja)? sie nade mna\b|\bdreczy? mnie\b|\bprzesladuja mnie\b|\bgnebia mnie\b",
    r"\bboje sie (?:wracac|wrocic|isc|byc) (?:do|w) dom\w*\b|\bprzemoc w (?:moim )?domu\b",
    r"\bnie (?:czuje sie|jestem) bezpieczn\w+ w (?:swoim |moim )?domu\b",
    r"\bgroz[ia],? ze mnie (?:zabij\w+|pobij\w+)\b|\bgrozi mi smiercia\b",
    _CHCE + r" (?:kogos|wszystkich|ich wszystkich|mojego ojca|moja matke|nauczyciela) "
    r"(?:zabic|skrzywdzic|zastrzelic)\b|"
    + _CHCE
    + r" (?:zabic|zastrzelic) (?:kogos|wszystkich w)\b",
)

# Umlauts are gone, or written with an e.
_ICH_WILL = (
    r"\bich (?:will|wollte|moe?chte|werde|muss|koe?nnte|plane|denke daran|habe vor|habe versucht|"
    r"versuche|ue?berlege),? (?:(?:mir|einfach|nur|noch|nicht|mehr|am|liebsten|jetzt|heute|nacht|"
    r"wirklich|manchmal|lieber|gerne?|oft|schon|doch|auch|endlich) ){0,4}"
)
_IM_SPIEL = r"(?! (?:im|in (?:mein|d|dies|ein)e[mr]) (?:spiel|level|game))"
_JEMAND = (
    r"\b(?:meine? (?:beste[rn]? )?(?:vater|papa|stiefvater|mutter|mama|stiefmutter|eltern|bruder|"
    r"schwester|onkel|tante|opa|oma|freund|freundin|freunde|mann|frau|ex|partner|partnerin|lehrer|"
    r"lehrerin|trainer|chef|mitschue?ler|mitschue?lerin|klassenkamerad(?:en)?|kollegen)|jemand|alle|"
    r"er|sie)"
)
GERMAN = (
    # taking one's life, hurting oneself
    _ICH_WILL + r"mich (?:(?:selbst|selber|heute|einfach|am liebsten) ){0,2}(?:um(?:zu)?bringen|"
    r"auf(?:zu)?hae?ngen|(?:zu )?(?:toe?ten|erhae?ngen|erschiessen|vergiften|ritzen|ertrae?nken|"
    r"verletzen))\b" + _IM_SPIEL,
    r"\b(?:(?:will|wue?rde|koe?nnte|moe?chte) ich|und (?:will|moe?chte|werde)) mich (?:\w+ )?"
    r"(?:umbringen|toe?ten|erhae?ngen)\b" + _IM_SPIEL,
    r"\bich (?:bringe? mich (?:\w+ ){0,2}um|hae?nge? mich (?:\w+ ){0,2}auf)\b(?! den)" + _IM_SPIEL,
    r"\bich (?:ritze?|toe?te|erhae?nge|erschiesse|vergifte) mich\b" + _IM_SPIEL,
    r"\bich (?:verletze|schneide) mich (?:selbst|selber|absichtlich|wieder|oft|manchmal)\b",
    r"\bich habe? mich (?:\w+ ){0,2}(?:geritzt|selbst verletzt|selber verletzt)\b",
    _ICH_WILL + r"(?:selbstmord begehen|suizid begehen|mir (?:et)?was an(?:zu)?tun|"
    r"fue?r immer verschwinden|verschwinden fue?r immer)\b",
    r"\bmir (?:selbst )?(?:das leben (?:zu )?nehmen|die pulsadern auf\w+)\b",
    r"\b(?:selbstmord|suizid)gedanken\b|\bnicht mehr da zu sein\b|"
    r"\bich (?:will|moe?chte) (?:\w+ ){0,3}nie (?:wieder|mehr) aufwachen\b",
    r"\bich denke (?:\w+ ){0,2}(?:an (?:selbstmord|suizid|den tod(?! (?:des|der|eine)))|"
    r"ue?ber (?:selbstmord|suizid) nach)\b",
    r"\bich bin (?:\w+ )?(?:suizidal|suizidgefae?hrdet|selbstmordgefae?hrdet|lebensmue?de)\b",
    _ICH_WILL + r"(?:sterben|tot sein)\b"
    r"(?!,? (?:lassen|sehen|wenn (?!ich\b)|mit|sobald|bei|in)\b|\()",
    r"\bich (?:will|moe?chte|kann|mag) (?:\w+ )?nicht (?:mehr|lae?nger) (?:so |weiter )?(?:leben|"
    r"weiterleben|aufwachen|da sein|existieren|am leben sein)\b(?! lassen)",
    r"\bich wae?re (?:lieber |am liebsten |besser |gern )?(?:tot\b|nie geboren|nicht mehr da\b)",
    r"\bmeinem leben ein ende\b|\bmein leben (?:zu )?beenden\b",
    r"\bmein leben (?:hat|macht) (?:(?:doch|einfach|gar|so) )?keinen sinn\b",
    r"\bmein leben ist (?:sinnlos|nichts wert|wertlos)\b",
    r"\bkeinen (?:sinn|grund) (?:mehr )?(?:im leben|zu leben|weiterzuleben)\b",
    r"\bkeine (?:lust|kraft) mehr (?:zu|zum) leben\b|\bwozu (?:soll ich )?(?:noch|weiter) ?leben\b",
    r"\bohne mich (?:wae?ren? (?:alle|sie) besser|besser dran|ginge es (?:allen|ihnen) besser)|"
    r"\bbesser dran ohne mich\b",
    r"\b(?:niemand|keiner) wue?rde (?:mich vermissen|es merken,? wenn ich (?:tot|weg))\b",
    r"\bich habe? (?:zu viele|alle meine|alle|eine packung|einen haufen) (?:schlaf|schmerz)?"
    r"(?:tabletten|pillen|medikamente) (?:genommen|geschluckt)\b",
    # somebody else in danger
    _JEMAND + r" (?:(?:sagt|hat gesagt|meint),? (?:er|sie|dass er|dass sie) )?(?:will|moe?chte|"
    r"wollte) (?:sich (?:umbringen|toe?ten|das leben nehmen|(?:et)?was antun)|nicht mehr leben)\b",
    _JEMAND + r" hat versucht,? sich (?:das leben zu nehmen|umzubringen|zu toe?ten)\b",
    _JEMAND + r" (?:\w+ ){0,2}(?:ritzt sich|verletzt sich selbst|ist suizidal)\b",
    # violence and abuse
    _JEMAND + r" (?:\w+ )?(?:schlae?gt|schlagen|schlug|prue?gelt|verprue?gelt|misshandelt|wue?rgt|"
    r"missbraucht|vergewaltigt|belae?stigt|begrapscht|mobbt|mobben|stalkt|bedroht|bedrohen) mich\b"
    r"(?! (?:(?:im|beim|bei|in (?!der|meiner)|vor|als|um|nicht|jedes mal (?:im|beim|in))\b|"
    r"mit (?:ihre|seine)[rm] (?:loe?sung|zeit|code|programm)))",
    _JEMAND + r" (?:hat|haben) mich (?:(?:gestern|heute|wieder|oft|immer|schon|mehrmals|sexuell) )"
    r"{0,2}(?:geschlagen|verprue?gelt|missbraucht|vergewaltigt|misshandelt|gewue?rgt|begrapscht)\b",
    _JEMAND + r" fasst mich (?:\w+ ){0,3}an\b",
    r"\bich (?:wurde|werde|bin) (?:(?:oft|immer|als kind|sexuell|in der (?:schule|klasse)|zu hause)"
    r" ){0,2}(?:vergewaltigt|missbraucht|misshandelt|gemobbt|verprue?gelt|belae?stigt|gestalkt)\b",
    r"\bich werde (?:zu hause|daheim|von mein\w+ \w+) geschlagen\b",
    r"\bich habe? angst,? (?:davor,? )?(?:nach hause zu (?:gehen|kommen)|zu hause zu sein)\b",
    r"\bich (?:fue?hle mich|bin) zu ?hause nicht sicher\b",
    r"\bdroh(?:t|en),? (?:mir,? )?(?:damit,? )?mich (?:umzubringen|zu (?:toe?ten|schlagen))\b",
    # danger to others
    _ICH_WILL + r"(?:jemanden|meinen (?:vater|bruder|lehrer|chef)|meine (?:mutter|lehrerin|frau|"
    r"eltern)|alle in (?:der|meiner) (?:schule|klasse)) (?:umbringen|toe?ten|erschiessen|"
    r"abstechen)\b" + _IM_SPIEL,
)

# Without accents, as `_plain` of `tutor.care` leaves it.
_QUIERO = (
    r"\b(?:quiero|queria|quisiera|voy a|pienso en|estoy pensando en|tengo ganas de|planeo|intente|"
    r"he intentado|trate de|prefiero)(?: (?:solo|solamente|de verdad|a veces))? "
)
_EN_EL_JUEGO = (
    r"(?! (?:en|dentro de) (?:el|la|mi|un|este) (?:juego|nivel|partida)| del juego|"
    r" (?:cuando|si) (?!yo\b))"
)
_ALGUIEN = (
    r"\b(?:mi (?:mejor )?(?:padre|papa|padrastro|madre|mama|madrastra|hermano|hermana|tio|tia|"
    r"abuelo|abuela|novio|novia|esposo|esposa|marido|mujer|pareja|vecino|vecina|ex|profesor|profesora|maestro|"
    r"entrenador|jefe|companero|companera|amigo|amiga|hijo|hija)|mis (?:padres|companeros|"
    r"hermanos)|alguien)"
)
SPANISH = (
    # taking one's life, hurting oneself
    _QUIERO + r"(?:matarme|suicidarme|ahorcarme|cortarme las venas|hacerme dano|quitarme la vida|"
    r"morirme|acabar con mi vida|terminar con mi vida|autolesionarme)\b(?! de\b)" + _EN_EL_JUEGO,
    r"\bme (?:quiero|quisiera|queria|voy a) (?:matar|suicidar|morir|ahorcar|cortar las venas|"
    r"quitar la vida)\b(?! de\b)" + _EN_EL_JUEGO,
    r"(?<!\bno )\b(?:quiero|quisiera|prefiero|preferiria) (?:ya )?morir\b(?! (?:de|con|en)\b|\()"
    + _EN_EL_JUEGO,
    r"\bno quiero (?:seguir viviendo|vivir(?: mas| asi)?|despertar(?:me)? (?:mas|nunca))\b"
    r"(?! (?:en|con|sin|de|del|lejos)\b)",
    r"\b(?:quiero|quisiera) desaparecer (?:para siempre|de este mundo)\b|\bsi yo no existiera\b",
    r"\bno quiero (?:existir|estar viv[oa])\b",
    r"\b(?:hart|cansad)[oa] de vivir\b(?! (?:en|con|sin)\b)",
    r"\bno tengo (?:ganas|razones|motivos) (?:de|para) (?:seguir )?vivi(?:r|endo)\b",
    r"\b(?:pensamientos|ideas) suicidas\b|\b(?:soy|estoy|me siento) suicida\b",
    r"\bpienso (?:(?:mucho|a menudo|cada dia|siempre|todo el tiempo) )?en (?:el suicidio|suicidio|"
    r"morir(?:me)?)\b(?!\()",
    r"\bme (?:corto|corte|he cortado|estoy cortando) (?:los brazos|las (?:venas|munecas|piernas))"
    r"\b|\bme hago cortes en\b",
    r"\bme autolesion\w*|\bme hago dano a (?:mi mism[oa]|proposito)\b|\bme suicid(?:o|are)\b"
    r"(?! (?:el|la|los|las)\b)",
    r"\b(?:ojala|desearia|quisiera|preferiria) (?:estar|estuviera|estuviese) muert[oa]\b|"
    r"\bojala (?:no hubiera nacido|me (?:muera|muriera)(?! de))\b|"
    r"\bmejor (?:muert[oa]|sin mi)\b(?! (?:codigo|ayuda))",
    r"\bnadie (?:me (?:extranaria|echaria de menos)|(?:notaria|se daria cuenta) si (?:me muero|"
    r"me muriera|desaparezco|no estuviera))\b",
    r"\b(?:mi|la) vida no (?:tiene (?:ningun )?sentido|vale (?:la pena|nada))\b|"
    r"\bno vale la pena (?:seguir )?vivi(?:r|endo)\b",
    r"\bno le (?:encuentro|veo) (?:ningun )?sentido a (?:la|mi) vida\b",
    r"\b(?:me )?(?:tome|he tomado|trague) (?:muchas|demasiadas|todas las|todas mis|un monton de) "
    r"(?:pastillas|pildoras|medicinas)\b",
    # somebody else in danger
    _ALGUIEN + r" (?:\w+ ){0,3}?(?:se quiere (?:matar|suicidar|morir)|quiere (?:matarse|suicidarse|"
    r"morirse|quitarse la vida)|se corta(?: (?:los brazos|las venas|las munecas)|$)|"
    r"intento suicidarse)\b",
    # violence and abuse
    _ALGUIEN + r" (?:\w+ )?(?:me (?:pega|pegan|pego|golpea|golpean|golpeo|maltrata|maltratan|viola|"
    r"violo|manosea|acosa|acosan|ahorca|patea)|abusa(?:n|ba)? de mi|abuso de mi|"
    r"me toca y no quiero)\b(?! (?:un|una|al?|el|la|en (?:el|la|los)|"
    r"con (?:una? )?(?:error|excepcion|pregunta)))",
    r"\b(?:me violaron|me han violado|fui violad[oa]|fui abusad[oa]|abusaron de mi|"
    r"me hacen bullying|sufro (?:bullying|acoso|maltrato|abusos?))\b",
    r"\bme (?:acosan|estan acosando) (?:en|todos|cada)\b",
    r"\b(?:tengo|me da) miedo (?:de )?(?:(?:volver|ir|llegar|regresar) a|estar en) (?:mi )?casa\b",
    r"\bno me siento segur[oa] en (?:mi )?casa\b",
    r"\bamenaz\w+ con (?:matarme|pegarme|golpearme)\b|\bme (?:ha )?amenaz\w+ de muerte\b",
    # danger to others
    r"\b(?:quiero|voy a) matar a (?:alguien|mi (?:padre|madre|hermano|profesor|profesora|marido|"
    r"mujer)|mis (?:padres|companeros)|todos en (?:mi|la) (?:clase|escuela))\b" + _EN_EL_JUEGO,
)
