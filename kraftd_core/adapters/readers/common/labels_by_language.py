"""What documents call their fields and columns in further languages: labels and heads by role, compared folded.

English, German, French, Spanish, Italian and Dutch stand in `labels`.
"""

from collections.abc import Iterator, Mapping

_FIELDS: Mapping[str, Mapping[str, str]] = {
    "pt": {
        "number": "fatura n|fatura no|fatura nr|numero da fatura|no da fatura|n da fatura|fatura recibo n|fatura recibo no|"
        "nota fiscal n|nota fiscal no|numero da nota|no do documento|documento no|numero do documento",
        "date": "data de emissao|data da fatura|data emissao|data de faturacao|emitida em|emitido em|data do documento",
        "due": "vencimento|data de vencimento|data limite de pagamento|pagar ate|vence em|data vencimento|"
        "prazo limite de pagamento",
        "delivery_date": "data de entrega|data da prestacao",
        "total": "total a pagar|valor a pagar|valor total|total da fatura|total geral|total com iva|montante total|"
        "total documento|"
        "total do documento|valor total da nota",
        "balance_due": "valor em divida|saldo em divida|montante em divida",
        "subtotal": "total sem iva|total iliquido|base tributavel|base de incidencia|incidencia|total liquido|valor liquido|"
        "soma|"
        "total mercadorias",
        "total_tax": "valor do iva|total de iva|total do iva|montante de iva|total imposto|total impostos|valor iva",
        "currency": "moeda",
        "payment_terms": "condicoes de pagamento",
        "vendor_tax_id": "nipc|contribuinte|contribuinte no|cnpj",
        "customer_tax_id": "nif do cliente|nif adquirente|contribuinte do cliente|nif do adquirente",
        "order_number": "encomenda no|no de encomenda|numero da encomenda|pedido no",
        "vendor_name": "fornecedor|emitente|prestador",
        "customer_name": "adquirente|faturado a|faturar a|tomador|exmos senhores",
        "other_party": "local de entrega|morada de entrega|local de descarga|local de carga",
    },
    "pl": {
        "number": "faktura nr|numer faktury|numer|nr faktury|faktura vat nr|faktura numer|numer dokumentu|faktura korygujaca nr",
        "date": "data wystawienia|data faktury|wystawiono|data wystawienia faktury|wystawiono dnia",
        "due": "termin platnosci|termin zaplaty|data platnosci|platne do|zaplata do|do zaplaty do",
        "delivery_date": "data sprzedazy|data dostawy|data wykonania uslugi",
        "total": "do zaplaty|razem do zaplaty|kwota do zaplaty|wartosc brutto|razem brutto|suma brutto|kwota brutto|ogolem|"
        "razem",
        "balance_due": "pozostalo do zaplaty|pozostaje do zaplaty",
        "subtotal": "razem netto|suma netto|wartosc netto|kwota netto|netto razem|ogolem netto",
        "total_tax": "kwota vat|podatek vat|razem vat|suma vat|vat razem",
        "payment_terms": "warunki platnosci",
        "iban": "numer konta|nr konta|rachunek bankowy|nr rachunku|konto bankowe",
        "vendor_tax_id": "nip|nip sprzedawcy", "customer_tax_id": "nip nabywcy",
        "order_number": "nr zamowienia|numer zamowienia|zamowienie nr",
        "vendor_name": "sprzedawca|wystawca|dostawca|sprzedajacy",
        "customer_name": "nabywca|kupujacy|klient|zamawiajacy",
        "other_party": "adres dostawy|odbiorca",
    },
    "cs": {
        "number": "faktura c|faktura cislo|cislo|cislo faktury|faktura danovy doklad c|danovy doklad c|cislo dokladu",
        "date": "datum vystaveni|vystaveno|den vystaveni|datum vystaveni dokladu",
        "due": "datum splatnosti|splatnost|splatne do|den splatnosti",
        "delivery_date": "datum uskutecneni zdanitelneho plneni|duzp|datum zdanitelneho plneni|datum zdan plneni",
        "total": "celkem k uhrade|k uhrade|celkem|celkem s dph|celkova castka|celkem vcetne dph|castka celkem|k zaplaceni|"
        "celkem k zaplaceni",
        "subtotal": "zaklad dane|celkem bez dph|cena bez dph|bez dph|mezisoucet|zaklad",
        "total_tax": "dph|dph celkem|celkem dph|vyse dph",
        "vendor_tax_id": "dic", "customer_tax_id": "dic odberatele",
        "iban": "cislo uctu",
        "order_number": "objednavka c|cislo objednavky",
        "vendor_name": "dodavatel|prodavajici",
        "customer_name": "odberatel|kupujici|zakaznik",
        "other_party": "dodaci adresa|prijemce|misto urceni",
    },
    "sk": {
        "number": "cislo faktury|faktura cislo",
        "date": "datum vystavenia",
        "due": "datum splatnosti|splatnost",
        "delivery_date": "datum dodania",
        "total": "celkom k uhrade|na uhradu|suma na uhradu|spolu|k uhrade|spolu s dph|celkom|spolu k uhrade",
        "subtotal": "spolu bez dph|zaklad dane",
        "vendor_tax_id": "ic dph",
        "customer_name": "odberatel",
    },
    "sv": {
        "number": "fakturanummer|fakturanr|faktura nummer",
        "date": "fakturadatum",
        "due": "forfallodatum|forfallodag|betalas senast|oss tillhanda senast|sista betalningsdag|att betala senast|forfaller",
        "delivery_date": "leveransdatum",
        "total": "att betala|summa att betala|totalt|totalt att betala|summa|belopp att betala|totalbelopp|summa inkl moms|"
        "totalt inkl moms|total inkl moms|fakturabelopp",
        "subtotal": "delsumma|summa exkl moms|totalt exkl moms|belopp fore moms|exkl moms|nettobelopp|summa netto|"
        "total exkl moms",
        "total_tax": "moms|momsbelopp|varav moms|totalt moms|moms totalt|summa moms",
        "payment_terms": "betalningsvillkor",
        "vendor_tax_id": "momsreg nr|momsregistreringsnummer|momsregnr|momsnr|vat nr",
        "customer_number": "kundnummer|kundnr",
        "order_number": "er order|ert ordernr|inkopsordernr",
        "vendor_name": "saljare|leverantor|avsandare",
        "customer_name": "kopare|kund|fakturaadress|faktureras till|fakturamottagare|bestallare",
        "other_party": "leveransadress",
    },
    "da": {
        "date": "fakturadato|udstedelsesdato|udstedt|dato",
        "due": "forfaldsdato|betalingsfrist|betales senest|forfald|sidste rettidige betaling|betalingsdato|rettidig betaling",
        "delivery_date": "leveringsdato",
        "total": "i alt|at betale|belob i alt|total inkl moms|i alt inkl moms|samlet belob|til betaling|total at betale|"
        "totalbelob|"
        "fakturatotal|i alt at betale",
        "subtotal": "i alt ekskl moms|total ekskl moms|belob ekskl moms|nettobelob|momsgrundlag|subtotal ekskl moms|"
        "i alt uden moms",
        "total_tax": "momsbelob|heraf moms|moms i alt",
        "payment_terms": "betalingsbetingelser|betalingsbetingelse",
        "vendor_tax_id": "cvr|cvr nr|cvr nummer|momsnummer",
        "customer_number": "kundenummer|kundenr",
        "vendor_name": "saelger|leverandor",
        "customer_name": "kober|kunde|faktureres til|modtager",
        "other_party": "leveringsadresse",
    },
    "nb": {
        "due": "forfallsdato|forfall|betal innen",
        "total": "a betale|sum a betale|belop a betale|totalbelop|sum inkl mva|total inkl mva|a betale nok",
        "subtotal": "sum eks mva|sum ekskl mva|nettobelop|netto belop|sum eksl mva|total eks mva",
        "total_tax": "mva|mva belop|sum mva|merverdiavgift",
        "payment_terms": "betalingsvilkar",
        "vendor_tax_id": "org nr mva|mva nr",
        "vendor_name": "selger", "customer_name": "kjoper|fakturamottaker",
    },
    "fi": {
        "number": "laskun numero|laskunumero|laskun nro|lasku nro|laskunro",
        "date": "laskun paivamaara|laskun paivays|paivays|laskupaiva|paivamaara|laskun pvm|pvm",
        "due": "erapaiva",
        "total": "yhteensa|maksettava yhteensa|loppusumma|yhteensa euroa|laskun loppusumma|maksettavaa yhteensa|summa yhteensa|"
        "yhteensa sis alv|verollinen yhteensa",
        "subtotal": "veroton yhteensa|yhteensa veroton|veroton|netto yhteensa|veroton hinta yhteensa",
        "total_tax": "alv|alv yhteensa|arvonlisavero|alv maara",
        "payment_terms": "maksuehto|maksuehdot",
        "vendor_tax_id": "y-tunnus|alv numero|alv nro",
        "customer_number": "asiakasnumero|asiakasnro",
        "vendor_name": "myyja|toimittaja", "customer_name": "ostaja|asiakas|laskutusosoite",
    },
    "hu": {
        "number": "szamla sorszama|sorszam|szamla szama|szamlaszam",
        "date": "szamla kelte|kiallitas datuma|kelt|kiallitas kelte|szamla kiallitas datuma",
        "due": "fizetesi hatarido|esedekesseg",
        "delivery_date": "teljesites datuma|teljesites kelte|teljesites idopontja",
        "total": "fizetendo|fizetendo osszeg|osszesen|vegosszeg|brutto osszesen|brutto vegosszeg|fizetendo vegosszeg|"
        "mindosszesen",
        "subtotal": "netto osszesen|netto osszeg|netto ertek osszesen|osszesen netto",
        "total_tax": "afa|afa osszesen|afa osszeg|afa osszege",
        "vendor_tax_id": "adoszam|kozossegi adoszam",
        "vendor_name": "elado|szallito|kibocsato", "customer_name": "vevo|vasarlo|megrendelo",
    },
    "ro": {
        "number": "factura nr|numar factura|nr factura|numarul facturii",
        "date": "data facturii|data emiterii",
        "due": "data scadentei|scadenta|termen de plata|data scadenta|scadent la",
        "total": "total de plata|total plata|total factura|total cu tva|valoare totala",
        "subtotal": "total fara tva|valoare fara tva|baza impozabila",
        "total_tax": "valoare tva",
        "vendor_tax_id": "cui|cod fiscal",
        "vendor_name": "furnizor|vanzator", "customer_name": "cumparator|beneficiar",
    },
    "tr": {
        "number": "fatura no|fatura numarasi|fatura nr|belge no",
        "date": "fatura tarihi|duzenleme tarihi|tarih|duzenlenme tarihi",
        "due": "vade tarihi|vade|son odeme tarihi|odeme tarihi",
        "total": "genel toplam|odenecek tutar|toplam tutar|vergiler dahil toplam tutar|toplam|kdv dahil toplam|toplam odenecek",
        "subtotal": "ara toplam|mal hizmet toplam tutari|kdv haric toplam|mal hizmet toplam|matrah|kdv matrahi|net tutar",
        "total_tax": "kdv|hesaplanan kdv|kdv tutari|toplam kdv",
        "payment_terms": "odeme kosullari|odeme sartlari",
        "vendor_tax_id": "vergi no|vkn|vergi kimlik no|vergi numarasi",
        "vendor_name": "satici|tedarikci", "customer_name": "alici|musteri|sayin",
    },
    "id": {
        "number": "nomor faktur|no faktur|nomor invoice|no invoice|nombor invois|no invois",
        "date": "tanggal|tanggal faktur|tanggal invoice|tarikh invois",
        "due": "jatuh tempo|tanggal jatuh tempo|tarikh akhir bayaran",
        "total": "total bayar|jumlah total|total tagihan|jumlah|total pembayaran|jumlah keseluruhan|jumlah besar|"
        "total keseluruhan",
        "subtotal": "dpp", "total_tax": "ppn|pajak|cukai",
        "vendor_name": "penjual", "customer_name": "kepada|pembeli|pelanggan|kepada yth",
    },
    "hr": {
        "number": "racun br|broj racuna|racun broj|racun st|stevilka racuna|racun",
        "date": "datum racuna|datum izdavanja|datum izdaje|datum izstavljanja",
        "due": "datum dospijeca|dospijece|rok placanja|datum zapadlosti|rok placila",
        "total": "ukupno|ukupno za platiti|za platiti|sveukupno|ukupan iznos|skupaj|za placilo|skupaj za placilo|"
        "znesek za placilo",
        "subtotal": "osnovica|ukupno bez pdv|skupaj brez ddv", "total_tax": "pdv|ddv|iznos pdv|znesek ddv",
        "vendor_tax_id": "oib", "vendor_name": "prodavatelj|izdavatelj|prodajalec|dobavitelj",
        "customer_name": "kupac|kupec|narucitelj|narocnik",
    },
    "baltic": {
        "number": "arve nr|arve number|saskaitos nr|rekina nr|rekins nr|saskaita fakturos nr",
        "date": "arve kuupaev|kuupaev|israsymo data|saskaitos data|rekina datums|datums",
        "due": "maksetahtaeg|maksetahtpaev|apmoketi iki|apmokejimo terminas|apmaksas termins|mokejimo terminas",
        "total": "kokku|tasuda|kuulub tasumisele|kokku tasuda|is viso|suma is viso|moketi|bendra suma|viso|viso su pvm|"
        "is viso moketi|kopa|kopa apmaksai|summa apmaksai|pavisam kopa",
        "subtotal": "summa km-ta|kokku km-ta|kokku kaibemaksuta|suma be pvm|viso be pvm|is viso be pvm|summa bez pvn|"
        "kopa bez pvn",
        "total_tax": "kaibemaks|pvm|pvn",
        "vendor_name": "muuja|pardavejas|tiekejas|pardevejs|piegadatajs", "customer_name": "ostja|pirkejas|pircejs|sanemejs",
    },
    "el": {
        "number": "αριθμος τιμολογιου|τιμολογιο αρ|αρ τιμολογιου", "date": "ημερομηνια|ημερομηνια εκδοσης|ημνια",
        "due": "ημερομηνια ληξης|πληρωτεο εως",
        "total": "συνολο|γενικο συνολο|πληρωτεο|συνολικο ποσο|τελικη αξια|πληρωτεο ποσο",
        "subtotal": "μερικο συνολο|καθαρη αξια|υποσυνολο|συνολο καθαρης αξιας", "total_tax": "φπα|συνολο φπα|αξια φπα",
        "vendor_tax_id": "αφμ", "customer_name": "πελατης",
    },
    "cyrillic": {
        "number": "номер счета|счет №|счет на оплату №|счет-фактура №|рахунок №|фактура №|номер на фактура",
        "date": "дата|дата счета|дата на издаване|дата выставления",
        "due": "срок оплаты|оплатить до|термін оплати|падеж|краен срок",
        "total": "итого к оплате|всего к оплате|к оплате|итого|всего|до сплати|разом|усього до сплати|общо за плащане|"
        "сума за плащане|"
        "всичко|общо",
        "subtotal": "итого без ндс|разом без пдв|данъчна основа", "total_tax": "ндс|сумма ндс|в том числе ндс|пдв|ддс|сума ддс",
        "vendor_tax_id": "инн|єдрпоу|еик", "vendor_name": "поставщик|продавец|исполнитель|постачальник|доставчик",
        "customer_name": "покупатель|заказчик|плательщик|покупець|получател",
    },
    "ja": {
        "number": "請求書番号|請求番号|請求書no|請求no|伝票番号|見積番号|見積書番号|領収書番号|請求書№|請求書ナンバー",
        "date": "請求日|発行日|請求書発行日|日付|見積日|作成日|発行年月日",
        "due": "支払期限|お支払期限|支払期日|お支払い期限|支払い期限|お支払期日|振込期限|お振込期限",
        "total": "合計|ご請求金額|請求金額|御請求額|ご請求額|税込合計|総合計|合計金額|お支払金額|請求額|"
        "合計税込|税込金額|御請求金額|総額",
        "subtotal": "小計|税抜合計|税抜金額|税抜小計|合計税抜", "total_tax": "消費税|消費税額|内消費税|消費税等|税額",
        "vendor_tax_id": "登録番号", "vendor_name": "発行元|請求元", "customer_name": "請求先|宛先|お客様名",
    },
    "zh": {
        "number": "发票号码|發票號碼|发票编号|發票編號", "date": "开票日期|发票日期|日期|開立日期|發票日期",
        "due": "付款期限|到期日|付款到期日", "total": "合计|总计|總計|价税合计|总金额|總金額|应付总额", "subtotal": "小计",
        "total_tax": "税额|稅額|增值税", "vendor_name": "销售方|卖方|賣方|供应商", "customer_name": "购买方|买方|買方|客户",
    },
    "ko": {
        "number": "송장번호|청구서번호|인보이스번호|계산서번호", "date": "발행일|청구일|작성일자|날짜",
        "due": "지급기한|납부기한|결제기한|지불기한", "total": "합계|총액|합계금액|총합계|청구금액", "subtotal": "소계|공급가액",
        "total_tax": "부가세|세액|부가가치세", "vendor_name": "공급자", "customer_name": "공급받는자",
    },
    "vi": {
        "number": "so hoa don", "date": "ngay|ngay lap", "total": "tong cong|tong tien|tong thanh toan|tong tien thanh toan",
        "subtotal": "cong tien hang", "total_tax": "thue gtgt|tien thue gtgt", "vendor_name": "nguoi ban|don vi ban",
        "customer_name": "nguoi mua|khach hang",
    },
    "ca": {
        "number": "num factura|factura num|numero de factura", "date": "data factura", "due": "venciment|data de venciment",
        "subtotal": "base imposable", "customer_name": "dades del client",
    },
}  # fmt: skip

_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "pt": {
        "item_number": "codigo artigo|cod artigo",
        "description": "descricao|designacao|artigo|servico|descricao do produto|produto servico",
        "quantity": "qtd|quantidade|qtde", "unit": "unidade",
        "unit_price": "preco unitario|preco|preco unit|p unit|pr unitario|preco un|valor unitario", "discount": "desconto|desc",
        "tax_rate": "taxa iva|taxa", "amount": "valor|montante|valor total|total liquido",
    },
    "pl": {
        "position": "lp", "description": "nazwa towaru|nazwa|nazwa towaru lub uslugi|nazwa uslugi|opis|towar|usluga|"
        "towar usluga",
        "quantity": "ilosc", "unit": "jm|jedn|jednostka",
        "unit_price": "cena netto|cena|cena jedn|cena jednostkowa|cena jedn netto|cena jednostkowa netto",
        "discount": "rabat|rabat %",
        "tax_rate": "stawka vat|stawka", "tax_amount": "kwota vat", "amount": "wartosc netto|wartosc|kwota|wartosc brutto",
    },
    "cs": {
        "description": "popis|polozka|nazev|oznaceni dodavky|oznaceni|nazov", "quantity": "mnozstvi|pocet|pocet mj|mnozstvo",
        "unit": "mj|jednotka", "unit_price": "cena za mj|jednotkova cena|cena za jednotku|j cena|cena bez dph",
        "discount": "sleva|zlava",
        "tax_rate": "dph|sazba dph|dph %|% dph|sazba|sadzba dph",
        "amount": "celkem|castka|celkem bez dph|cena celkem|celkem kc|spolu|celkom",
    },
    "sv": {
        "item_number": "artikelnr", "description": "beskrivning|benamning|specifikation|tjanst|vara",
        "quantity": "antal|kvantitet",
        "unit": "enhet|enh", "unit_price": "a-pris|pris|styckpris|enhetspris|pris/st|pris per st",
        "tax_rate": "moms|moms %|momssats", "amount": "belopp|summa|totalt|radsumma",
    },
    "da": {
        "item_number": "varenr|varenummer", "description": "beskrivelse|tekst|vare|varenavn|ydelse",
        "quantity": "antall|maengde",
        "unit": "enhed", "unit_price": "stk pris|enhedspris|stykpris|pris pr stk|stykkpris", "discount": "rabat",
        "tax_rate": "mva|mva %", "amount": "belob|belop|i alt|pris i alt|linjetotal",
    },
    "fi": {
        "description": "kuvaus|tuote|nimike|selite", "quantity": "maara|kpl", "unit": "yksikko|yks",
        "unit_price": "hinta|yksikkohinta|a-hinta|a hinta", "tax_rate": "alv|alv %", "amount": "yhteensa|summa",
    },
    "hu": {
        "description": "megnevezes|leiras|termek|termek megnevezese", "quantity": "mennyiseg|menny",
        "unit": "egyseg|mennyisegi egyseg",
        "unit_price": "egysegar|netto egysegar|netto ar", "tax_rate": "afa|afa %|afa kulcs",
        "amount": "ertek|osszeg|netto ertek|brutto ertek|osszesen|brutto ar",
    },
    "ro": {
        "description": "denumire|denumirea produselor|descriere|denumire produs|denumirea produselor sau serviciilor",
        "quantity": "cantitate", "unit_price": "pret unitar|pret|pret unitar fara tva", "tax_rate": "cota tva",
        "tax_amount": "valoare tva", "amount": "valoare|valoare fara tva|valoarea",
    },
    "tr": {
        "description": "aciklama|mal hizmet|urun|hizmet|urun adi|mal hizmet cinsi|cinsi", "quantity": "miktar|adet",
        "unit": "birim",
        "unit_price": "birim fiyat|fiyat|birim fiyati", "discount": "iskonto|indirim", "tax_rate": "kdv|kdv orani|kdv %",
        "amount": "tutar|toplam|mal hizmet tutari|tutari",
    },
    "id": {
        "description": "deskripsi|keterangan|nama barang|barang|uraian|perihal", "quantity": "kuantitas|kuantiti|banyaknya",
        "unit": "satuan", "unit_price": "harga satuan|harga|harga seunit", "amount": "jumlah harga|jumlah|amaun",
    },
    "hr": {
        "description": "naziv", "quantity": "kolicina|kol", "unit_price": "cijena|jedinicna cijena|cena na enoto",
        "amount": "iznos|znesek|ukupno|vrijednost|vrednost",
    },
    "baltic": {
        "description": "kirjeldus|nimetus|pavadinimas|nosaukums|apraksts", "quantity": "kogus|kiekis|daudzums",
        "unit_price": "hind|kaina|cena", "amount": "kokku|suma|summa",
    },
    "el": {
        "description": "περιγραφη", "quantity": "ποσοτητα", "unit_price": "τιμη|τιμη μοναδας", "amount": "αξια|ποσο|συνολο",
    },
    "cyrillic": {
        "description": "наименование|товары|описание|наименование товара|найменування|наименование на стоката", "position": "№",
        "quantity": "кол-во|количество|кількість", "unit": "ед|ед изм|од|мярка", "unit_price": "цена|ціна|ед цена",
        "amount": "сумма|стоимость|сума|стойност|вартість",
    },
    "ja": {
        "description": "品名|品目|内容|摘要|項目|商品名|件名", "quantity": "数量", "unit": "単位", "unit_price": "単価",
        "tax_rate": "税率", "amount": "金額|価格",
    },
    "zh": {
        "description": "项目名称|名称|商品名称|描述|品名", "quantity": "數量", "unit": "单位|單位", "unit_price": "单价|單價",
        "tax_rate": "稅率", "amount": "金额",
    },
    "ko": {"description": "품목|내역|품명", "quantity": "수량", "unit_price": "단가", "amount": "금액|공급가액"},
    "vi": {"description": "ten hang hoa|dien giai", "quantity": "so luong", "unit_price": "don gia", "amount": "thanh tien"},
    "ca": {"description": "descripcio|concepte", "quantity": "quantitat", "unit_price": "preu|preu unitari", "amount": "import"},
}  # fmt: skip

TOTAL_WORDS = (
    "razem|ogolem|celkem|celkom|spolu|mezisoucet|summa|totalt|delsumma|i alt|yhteensa|osszesen|toplam|ara toplam|genel toplam|"
    "ukupno|skupaj|kokku|is viso|kopa|συνολο|итого|всего|разом|общо|合計|小計|总计|合计|합계|soma|jumlah"
)
"""Words by which rows of sums begin or end."""


def field_labels() -> Iterator[tuple[str, str]]:
    """Each role with labels of it."""
    yield from (pair for labels in _FIELDS.values() for pair in labels.items())


def column_labels() -> Iterator[tuple[str, str]]:
    """Each column with heads of it."""
    yield from (pair for heads in _COLUMNS.values() for pair in heads.items())
