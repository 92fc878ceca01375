package strictxml

import "strings"

const mail = `<clientConfig version="1.1"><emailProvider id="a.example"><domain>a.example</domain></emailProvider></clientConfig>`

// corpus is documents and what is known of them: whether expat takes them.
// TestAgreesWithExpat asks expat itself.
var corpus = []struct {
	name, text string
	well       bool
}{
	{"plain", mail, true},
	{"declaration", `<?xml version="1.0"?>` + mail, true},
	{"declaration with encoding", `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + mail + "\r\n", true},
	{"declaration in single quotes", `<?xml version='1.0' encoding='utf-8' standalone='yes' ?>` + mail, true},
	{"version 1.1", `<?xml version="1.1"?>` + mail, true},
	{"no version", `<?xml encoding="UTF-8"?>` + mail, false},
	{"encoding before version", `<?xml encoding="UTF-8" version="1.0"?>` + mail, false},
	{"standalone maybe", `<?xml version="1.0" standalone="maybe"?>` + mail, false},
	{"no blank in the declaration", `<?xml version="1.0"encoding="UTF-8"?>` + mail, false},
	{"declaration without quotes", `<?xml version=1.0?>` + mail, false},
	{"declaration with another attribute", `<?xml version="1.0" lang="de"?>` + mail, false},
	{"declaration cut off", `<?xml version="1.0">` + mail, false},
	{"blank before the declaration", ` <?xml version="1.0"?>` + mail, false},
	{"line before the declaration", "\n<?xml version=\"1.0\"?>" + mail, false},
	{"CRLF before the declaration", "\r\n<?xml version=\"1.0\"?>" + mail, false},
	{"comment before the declaration", `<!-- x --><?xml version="1.0"?>` + mail, false},
	{"blank before a root without declaration", "\n  " + mail, true},
	{"two declarations", `<?xml version="1.0"?><?xml version="1.0"?>` + mail, false},
	{"declaration in upper case", `<?XML version="1.0"?>` + mail, false},
	{"byte order mark", "\ufeff<?xml version=\"1.0\"?>" + mail, true},
	{"byte order mark and blank", "\ufeff <?xml version=\"1.0\"?>" + mail, false},
	{"two byte order marks", "\ufeff\ufeff" + mail, false},
	{"text before the root", "Warning: headers already sent" + mail, false},
	{"text behind the root", mail + "done", false},
	{"CRLF behind the root", mail + "\r\n\r\n", true},
	{"comment behind the root", mail + "<!-- made by hand -->", true},
	{"instruction behind the root", mail + "<?made by-hand?>", true},
	{"second root", mail + "<x/>", false},
	{"NUL behind the root", mail + "\x00", false},
	{"reference behind the root", mail + "&amp;", false},
	{"CDATA behind the root", mail + "<![CDATA[x]]>", false},
	{"empty", "", false},
	{"blanks alone", " \n ", false},
	{"declaration alone", `<?xml version="1.0"?>`, false},
	{"comment alone", "<!-- nothing -->", false},
	{"never closed", `<a><b></b>`, false},
	{"closed in the wrong order", `<a><b></a></b>`, false},
	{"closed in another case", `<a></A>`, false},
	{"closed twice", `<a></a></a>`, false},
	{"end tag with blanks", "<a></a \n>", true},
	{"end tag with an attribute", `<a></a x="1">`, false},
	{"start tag with a blank before its name", `< a></a>`, false},
	{"cut off in a tag", `<a b="c"`, false},
	{"cut off in a value", `<a b="c`, false},
	{"attribute twice", `<a b="1" b="2"/>`, false},
	{"attributes that touch", `<a b="1"c="2"/>`, false},
	{"attribute without value", `<a b/>`, false},
	{"attribute without quotes", `<a b=1/>`, false},
	{"attribute with blanks", "<a b = '1'\n/>", true},
	{"< in an attribute", `<a b="<"/>`, false},
	{"> in an attribute", `<a b=">"/>`, true},
	{"& in an attribute", `<a b="x&y"/>`, false},
	{"&amp; in an attribute", `<a b="x&amp;y"/>`, true},
	{"URL with a bare &", `<a url="https://a.example/?b=1&c=2"/>`, false},
	{"line end in an attribute", "<a b=\"x\ny\"/>", true},
	{"bare & in text", `<a>R&D</a>`, false},
	{"& and a blank", `<a>R & D</a>`, false},
	{"entity without ;", `<a>&amp</a>`, false},
	{"nbsp", `<a>&nbsp;</a>`, false},
	{"nbsp with a DOCTYPE without a file", `<!DOCTYPE a><a>&nbsp;</a>`, false},
	{"nbsp with a DOCTYPE elsewhere", `<!DOCTYPE a SYSTEM "a.dtd"><a>&nbsp;</a>`, true},
	{"nbsp with a public DOCTYPE", `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><html>&nbsp;</html>`, true},
	{"nbsp with a DOCTYPE, standalone", `<?xml version="1.0" standalone="yes"?><!DOCTYPE a SYSTEM "a.dtd"><a>&nbsp;</a>`, false},
	{"character references", `<a>&#65;&#x42;&#x1F600;</a>`, true},
	{"reference to NUL", `<a>&#0;</a>`, false},
	{"reference to a control", `<a>&#1;</a>`, false},
	{"reference to a surrogate", `<a>&#xD800;</a>`, false},
	{"reference to U+FFFF", `<a>&#xFFFF;</a>`, false},
	{"reference beyond Unicode", `<a>&#x110000;</a>`, false},
	{"reference without digits", `<a>&#;</a>`, false},
	{"reference in upper case", `<a>&#X41;</a>`, false},
	{"control in text", "<a>\x01</a>", false},
	{"form feed in text", "<a>\x0c</a>", false},
	{"DEL in text", "<a>\x7f</a>", true},
	{"C1 in text", "<a>\u0085</a>", true},
	{"U+FFFE in text", "<a>\ufffe</a>", false},
	{"no UTF-8", "<a>Stra\xdfe</a>", false},
	{"overlong UTF-8", "<a>\xc0\xaf</a>", false},
	{"surrogate in UTF-8", "<a>\xed\xa0\x80</a>", false},
	{"]]> in text", `<a>]]></a>`, false},
	{"]] in text", `<a>]] ></a>`, true},
	{"CDATA", `<a><![CDATA[<b>&x;]]></a>`, true},
	{"CDATA without end", `<a><![CDATA[x]]</a>`, false},
	{"CDATA in lower case", `<a><![cdata[x]]></a>`, false},
	{"CDATA before the root", `<![CDATA[x]]><a/>`, false},
	{"comment in text", `<a>9<!-- x -->93</a>`, true},
	{"-- in a comment", `<a><!-- a -- b --></a>`, false},
	{"comment that ends in --->", `<a><!-- a ---></a>`, false},
	{"comment without end", `<a><!-- a</a>`, false},
	{"comment with a control", "<a><!-- \x02 --></a>", false},
	{"empty comment", `<a><!----></a>`, true},
	{"instruction", `<a><?php echo 1; ?></a>`, true},
	{"instruction without target", `<a><? echo 1; ?></a>`, false},
	{"instruction without end", `<a><?php echo 1;</a>`, false},
	{"instruction with a bare target", `<a><?php?></a>`, true},
	{"declaration inside", `<a><?xml version="1.0"?></a>`, false},
	{"xml-stylesheet", `<?xml-stylesheet href="a.xsl"?><a/>`, true},
	{"name with a digit first", `<1a/>`, false},
	{"name with a dash first", `<-a/>`, false},
	{"name with a dot", `<a.b-c_d/>`, true},
	{"name with an umlaut", `<größe/>`, true},
	{"name with a sign", `<a€/>`, false},
	{"name with a slash", `<a/b/>`, false},
	{"prefix that is declared", `<x:a xmlns:x="urn:x"><x:b/></x:a>`, true},
	{"prefix that is not declared", `<x:a/>`, false},
	{"prefix of an attribute, not declared", `<a x:b="1"/>`, false},
	{"prefix declared in a sibling", `<a><x:b xmlns:x="urn:x"/><x:c/></a>`, false},
	{"prefix declared empty", `<a xmlns:x=""/>`, false},
	{"default namespace", `<a xmlns="urn:x"/>`, true},
	{"default namespace taken back", `<a xmlns="urn:x"><b xmlns=""/></a>`, true},
	{"same attribute by two prefixes", `<a xmlns:x="urn:x" xmlns:y="urn:x" x:b="1" y:b="2"/>`, false},
	{"xml:lang", `<a xml:lang="de"/>`, true},
	{"two colons", `<a:b:c xmlns:a="urn:x"/>`, false},
	{"xmlns as a prefix", `<a xmlns:xmlns="urn:x"/>`, false},
	{"DOCTYPE", `<!DOCTYPE clientConfig>` + mail, true},
	{"DOCTYPE in lower case", `<!doctype a><a/>`, false},
	{"two DOCTYPEs", `<!DOCTYPE a><!DOCTYPE a><a/>`, false},
	{"DOCTYPE behind the root", `<a/><!DOCTYPE a>`, false},
	{"DOCTYPE inside", `<a><!DOCTYPE a></a>`, false},
	{"DOCTYPE without name", `<!DOCTYPE><a/>`, false},
	{"DOCTYPE without end", `<!DOCTYPE a [<a/>`, false},
	{"DOCTYPE PUBLIC with what is not allowed", `<!DOCTYPE a PUBLIC "a{b}" "x"><a/>`, false},
	{"DOCTYPE PUBLIC with an apostrophe", `<!DOCTYPE a PUBLIC "a'b" "x"><a/>`, true},
	{"encoding without its hyphen", `<?xml version="1.0" encoding="utf8"?>` + mail, true},
	{"DOCTYPE PUBLIC without system", `<!DOCTYPE a PUBLIC "x"><a/>`, false},
	{"entity", `<!DOCTYPE a [<!ENTITY h "imap.a.example">]><a>&h;</a>`, true},
	{"entity in an attribute", `<!DOCTYPE a [<!ENTITY h "imap.a.example">]><a b="&h;"/>`, true},
	{"entity with an element", `<!DOCTYPE a [<!ENTITY h "<b>x</b>">]><a>&h;</a>`, true},
	{"entity with an element, in an attribute", `<!DOCTYPE a [<!ENTITY h "<b>x</b>">]><a b="&h;"/>`, false},
	{"entity with half an element", `<!DOCTYPE a [<!ENTITY h "<b>">]><a>&h;</b></a>`, false},
	{"entity that names another", `<!DOCTYPE a [<!ENTITY x "1"><!ENTITY h "&x;&x;">]><a>&h;</a>`, true},
	{"entity that names itself", `<!DOCTYPE a [<!ENTITY h "&h;">]><a>&h;</a>`, false},
	{"entities in a circle", `<!DOCTYPE a [<!ENTITY x "&y;"><!ENTITY y "&x;">]><a>&x;</a>`, false},
	{"entity that is not used", `<!DOCTYPE a [<!ENTITY h "&nowhere;">]><a/>`, true},
	{"entity that names none", `<!DOCTYPE a [<!ENTITY h "&nowhere;">]><a>&h;</a>`, false},
	{"entity with a bare &", `<!DOCTYPE a [<!ENTITY h "R & D">]><a/>`, false},
	{"entity of a file", `<!DOCTYPE a [<!ENTITY h SYSTEM "file:///etc/passwd">]><a>&h;</a>`, true},
	{"entity of a file, in an attribute", `<!DOCTYPE a [<!ENTITY h SYSTEM "file:///etc/passwd">]><a b="&h;"/>`, false},
	{"entity of a URL", `<!DOCTYPE a [<!ENTITY h PUBLIC "x" "http://127.0.0.1/">]><a>&h;</a>`, true},
	{"entity that is no text", `<!DOCTYPE a [<!NOTATION n SYSTEM "n"><!ENTITY h SYSTEM "x" NDATA n>]><a>&h;</a>`, false},
	{"parameter entity", `<!DOCTYPE a [<!ENTITY % p SYSTEM "p.dtd"> %p;]><a>&later;</a>`, true},
	{"laughs", laughs(9), false},
	{"a few laughs", laughs(2), true},
	{"declarations", `<!DOCTYPE a [<!ELEMENT a (#PCDATA)><!ATTLIST a b CDATA "x">]><a/>`, true},
	{"declaration that is none", `<!DOCTYPE a [<!WRONG a>]><a/>`, false},
	{"text in a DOCTYPE", `<!DOCTYPE a [ text ]><a/>`, false},
	{"ISO 8859-1", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>Stra\xdfe</a>", true},
	{"ISO 8859-15", "<?xml version=\"1.0\" encoding=\"iso-8859-15\"?><a>\xa4</a>", true},
	{"windows-1252", "<?xml version=\"1.0\" encoding=\"windows-1252\"?><a>\x80</a>", true},
	{"KOI8-R", "<?xml version=\"1.0\" encoding=\"KOI8-R\"?><a>\xf0</a>", true},
	{"US-ASCII", `<?xml version="1.0" encoding="US-ASCII"?><a>x</a>`, true},
	{"US-ASCII that is not", "<?xml version=\"1.0\" encoding=\"US-ASCII\"?><a>\xdf</a>", false},
	{"encoding that there is not", `<?xml version="1.0" encoding="x-nothing"?><a/>`, false},
	{"encoding without a letter first", `<?xml version="1.0" encoding="8859-1"?><a/>`, false},
	{"UTF-16 that is not", `<?xml version="1.0" encoding="UTF-16"?><a/>`, false},
	{"UTF-16, little end first", utf16("\ufeff<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>ß</a>", 0), true},
	{"UTF-16, big end first", utf16("\ufeff<a>ß</a>", 1), true},
	{"UTF-16 without a mark", utf16("<?xml version=\"1.0\"?><a/>", 0), true},
	{"web page", `<!DOCTYPE html><html><head><meta charset="utf-8"><title>x</title></head><body><br></body></html>`, false},
	{"web page that is XML", `<!DOCTYPE html><html><head><title>x</title></head><body><br/></body></html>`, true},
	{"JSON", `{"protocols": {}}`, false},
}

func laughs(n int) string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE a [<!ENTITY l0 "lol">`)
	last := '0'
	for i := range n {
		next := rune('1' + i)
		b.WriteString(`<!ENTITY l` + string(next) + ` "` + strings.Repeat("&l"+string(last)+";", 10) + `">`)
		last = next
	}
	b.WriteString(`]><a>&l` + string(last) + `;</a>`)
	return b.String()
}

// utf16 writes text by two bytes a character, the high one at an index.
func utf16(text string, high int) string {
	var b strings.Builder
	for _, r := range text {
		two := [2]byte{byte(r), byte(r)}
		two[high], two[1-high] = byte(r>>8), byte(r)
		if high == 0 {
			two[0], two[1] = byte(r), byte(r>>8)
		} else {
			two[0], two[1] = byte(r>>8), byte(r)
		}
		b.Write(two[:])
	}
	return b.String()
}
