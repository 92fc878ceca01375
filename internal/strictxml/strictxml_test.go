package strictxml

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestCorpus(t *testing.T) {
	for _, row := range corpus {
		d, err := Parse([]byte(row.text), Limits{})
		if (err == nil) != row.well {
			t.Errorf("%s: %v\nwant well-formed: %t", row.name, err, row.well)
		}
		if (err == nil) != (d != nil && d.Root != nil) {
			t.Errorf("%s: document %v with error %v", row.name, d, err)
		}
	}
}

// expat says of each of a list of documents whether it is well-formed, with
// namespaces, as Thunderbird and ElementTree read.
const expat = `
import base64, json, sys
from xml.parsers import expat
def well(text):
    try:
        expat.ParserCreate(namespace_separator="}").Parse(base64.b64decode(text), True)
        return True
    except (expat.ExpatError, ValueError, LookupError):
        return False
json.dump([well(t) for t in json.load(sys.stdin)], sys.stdout)
`

func TestAgreesWithExpat(t *testing.T) {
	var texts [][]byte
	for _, row := range corpus {
		texts = append(texts, []byte(row.text))
	}
	for i, well := range byExpat(t, texts) {
		if well != corpus[i].well {
			t.Errorf("%s: expat says well-formed: %t, the corpus %t", corpus[i].name, well, corpus[i].well)
		}
	}
}

func byExpat(t *testing.T, texts [][]byte) []bool {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("MAILPROBE_REQUIRE_SERVERS") != "" {
			t.Fatal("python3 is not installed")
		}
		t.Skip("SKIPPED: python3 is not installed, so expat is not asked")
	}
	in, err := json.Marshal(texts) // []byte is base64
	if err != nil {
		t.Fatal(err)
	}
	var out, messages bytes.Buffer
	c := exec.CommandContext(t.Context(), python, "-c", expat)
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(in), &out, &messages
	if err := c.Run(); err != nil {
		t.Fatalf("%v: %s", err, messages.String())
	}
	var well []bool
	if err := json.Unmarshal(out.Bytes(), &well); err != nil || len(well) != len(texts) {
		t.Fatalf("%d answers of %d, %v", len(well), len(texts), err)
	}
	return well
}

// TestAgreesWithExpatOnDamage damages every document of the corpus in each
// place, and asks expat about all that comes of it.
func TestAgreesWithExpatOnDamage(t *testing.T) {
	var texts [][]byte
	for _, row := range corpus {
		if !row.well || len(row.text) > 400 || strings.Contains(row.text, "DOCTYPE") || strings.Contains(row.text, "encoding") || strings.Contains(row.text, "\x00") {
			continue
		}
		for i := 0; i <= len(row.text); i += 3 {
			for _, with := range []string{"", "<", ">", "&", "\"", " ", "x", "]]>", "-", "\xff", ":"} {
				texts = append(texts, []byte(row.text[:i]+with+row.text[min(i+len(with)%2, len(row.text)):]))
			}
		}
	}
	for i, well := range byExpat(t, texts) {
		if _, err := Parse(texts[i], Limits{}); (err == nil) != well {
			t.Errorf("%q: %v\nexpat says well-formed: %t", texts[i], err, well)
		}
	}
}

func TestTree(t *testing.T) {
	d, err := Parse([]byte("<?xml version=\"1.0\"?>\r\n<a x='1&lt;2'>\r\n <p:b xmlns:p=\"urn:p\">9<!-- x -->9<c/>3</p:b>\n<b>&#x41;<![CDATA[<&]]></b></a>\n"), Limits{Depth: 3})
	if err != nil {
		t.Fatal(err)
	}
	value, _ := d.Root.Attr("x")
	first, second := d.Root.Children[0], d.Root.Children[1]
	if value != "1<2" || d.Root.Line != 2 || first.Text != "993" || first.Space != "urn:p" || first.Name != "b" || first.Line != 3 ||
		len(first.Children) != 1 || second.Text != "A<&" || second.Line != 4 {
		t.Errorf("got  %q %+v %+v %+v", value, d.Root, first, second)
	}
}

func TestEntitiesAreLeftOut(t *testing.T) {
	d, err := Parse([]byte(`<!DOCTYPE a [<!ENTITY h "imap.a.example">]><a>x&h;y</a>`), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if d.Root.Text != "xy" || len(d.Root.Entities) != 1 || d.Root.Entities[0] != "h" {
		t.Errorf("got  %+v", d.Root)
	}
}

func TestSaysWhereAndWhy(t *testing.T) {
	for _, row := range []struct {
		text string
		line int
		why  string
	}{
		{"\n<?xml version=\"1.0\"?><a/>", 2, "very first characters"},
		{"<a>\n<b>\n</a>", 3, "</a> closes <b>, which is open since line 2"},
		{"<a>\n\nR&D</a>", 3, "write &amp;"},
		{"<a/>\n\nx", 3, "text stands behind the end of <a>"},
		{"<a>\n\xff</a>", 2, `\xff is no UTF-8`},
	} {
		_, err := Parse([]byte(row.text), Limits{})
		var e *SyntaxError
		if !errors.As(err, &e) || e.Line != row.line || !strings.Contains(e.Why, row.why) {
			t.Errorf("%q\n got %v\nwant line %d: %s", row.text, err, row.line, row.why)
		}
	}
}

func TestLimits(t *testing.T) {
	deep := strings.Repeat("<a>", 65) + strings.Repeat("</a>", 65)
	for _, row := range []struct {
		name, text string
		limited    bool
	}{
		{"deep", deep, true},
		{"as deep as may be", deep[3 : len(deep)-4], false},
		{"very deep", strings.Repeat("<a>", 80000), true},
		{"large", "<a>" + strings.Repeat("x", 256<<10) + "</a>", true},
		{"as large as may be", "<a>" + strings.Repeat("x", 256<<10-7) + "</a>", false},
		{"entity that is deep", `<!DOCTYPE a [<!ENTITY h "` + deep + `">]><a>&h;</a>`, true},
	} {
		_, err := Parse([]byte(row.text), Limits{Size: 256 << 10, Depth: 64})
		if _, limited := errors.AsType[*LimitError](err); limited != row.limited || err != nil && !limited {
			t.Errorf("%s: got  %v\nwant a limit: %t", row.name, err, row.limited)
		}
	}
}

// FuzzParse holds that what is taken is a whole tree within its limits, and
// that no text does harm.
func FuzzParse(f *testing.F) {
	for _, row := range corpus {
		f.Add([]byte(row.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Parse(data, Limits{Size: 16 << 10, Depth: 8})
		if (err == nil) != (d != nil) {
			t.Fatalf("got  %v, %v", d, err)
		}
		if d != nil && depth(d.Root) > 8 {
			t.Errorf("%d elements within one another", depth(d.Root))
		}
	})
}

func depth(e *Element) int {
	deepest := 0
	for _, c := range e.Children {
		deepest = max(deepest, depth(c))
	}
	return deepest + 1
}
