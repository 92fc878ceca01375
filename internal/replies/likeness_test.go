package replies

import (
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/lab/detector"
)

// TestLikenessIsUpToDate holds what is part of the program against the texts
// and samples that it was learned from.
func TestLikenessIsUpToDate(t *testing.T) {
	detector.Spare(t)
	want, err := Likeness(os.DirFS("."), os.DirFS("../../testdata/texts"))
	if err != nil {
		t.Fatal(err)
	}
	if learned == want {
		return
	}
	if !*update {
		t.Fatal("likeness.tsv is older than what it is learned from: go generate ./internal/replies writes it anew")
	}
	if err := os.WriteFile("likeness.tsv", []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Fatal("likeness.tsv is written anew: run the tests once more, by what it says now")
}

func TestLikenessIsReadAsWritten(t *testing.T) {
	want := embeddedTable().learnLikeness([]lesson{
		{"mail password wrong", []string{"auth.rejected"}}, {"mail quota full", []string{"access.quota", "send.mailbox_full"}}, {"mail password full", []string{unrelated}}})
	if got := readLikeness(want.compact()); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if _, known := want.find("word password"); !known {
		t.Error("a trait of two texts is not known")
	}
	if _, known := want.find("word quota"); known {
		t.Error("a trait of one text is known")
	}
}

// Every trait of the lines is found, and nothing between them.
func TestEveryTraitIsFound(t *testing.T) {
	l := readLikeness("a\t1\t1\ntraits\t3\nb\t0:1\nbb\t0:2 1:3\nd\t1:4\n")
	for trait, want := range map[string]string{"a": "", "b": "0:1", "ba": "", "bb": "0:2 1:3", "c": "", "d": "1:4", "e": "", "": ""} {
		if got, known := l.find(trait); got != want || known != (want != "") {
			t.Errorf("%q\n got %q, %v\nwant %q", trait, got, known, want)
		}
	}
}

// TestLikenessTells: what was seen with one cause only speaks for that cause,
// shares sum up to one, and too few traits say nothing.
func TestLikenessTells(t *testing.T) {
	table := embeddedTable()
	lessons := []lesson{}
	for range 5 {
		lessons = append(lessons, lesson{"the grapes are sour today", []string{"auth.rejected"}}, lesson{"the apples are sweet tonight", []string{"access.quota"}})
	}
	l := table.learnLikeness(lessons)
	got := l.of(table.traitsOfAll(passages("sour grapes are here today")))
	if len(got) != 2 || got[0].code != "auth.rejected" || got[0].share < 0.7 || math.Abs(got[0].share+got[1].share-1) > 1e-9 {
		t.Errorf("got %v", got)
	}
	if got := l.of(table.traitsOfAll(passages("sour"))); got != nil {
		t.Errorf("one word: got %v", got)
	}
}

// TestLikenessSaysSo: where nothing but likeness speaks, the words say so, and a
// server's reply at a live dialogue is never read by it.
func TestLikenessSaysSo(t *testing.T) {
	text := "Net::IMAP::NoResponseError in EmailController#pull_email\n\nMailbox does not exist"
	found := Explain(Query{Text: text})
	if len(found) == 0 || !strings.HasPrefix(found[0].Cause, "No rule knows these words; they read like") {
		t.Errorf("got %+v\nwant words that say that it is a likeness", found)
	}
	for _, m := range Explain(Query{Text: text, Layer: LayerAuth}) {
		if strings.Contains(m.Cause, "read like") {
			t.Errorf("a live reply is read by likeness: %+v", m)
		}
	}
}

// TestLikenessOfUnseenTexts: each set is read by what was learned of all others,
// so that no text of a set, nor a near copy from the same thread, tells its own
// cause. This is the honest estimate of what likeness alone can.
func TestLikenessOfUnseenTexts(t *testing.T) {
	detector.Spare(t)
	table := embeddedTable()
	all, err := table.lessons(os.DirFS("../../testdata/texts"))
	if err != nil {
		t.Fatal(err)
	}
	for file, least := range map[string]float64{"heldout3.tsv": 0.70, "tuned2.tsv": 0.75} {
		var others []lesson
		for name, some := range all {
			if name != file {
				others = append(others, some...)
			}
		}
		l, right := table.learnLikeness(others), 0
		for _, known := range all[file] {
			if got := l.of(table.traitsOfAll(passages(known.text))); len(got) > 0 && slices.Contains(known.codes, got[0].code) {
				right++
			}
		}
		share := float64(right) / float64(len(all[file]))
		t.Logf("%s: %.1f %% right by likeness alone", file, 100*share)
		if share < least {
			t.Errorf("%s\n got %.3f\nwant at least %.2f", file, share, least)
		}
	}
}

// What is held out teaches nothing.
func TestHeldOutTeachesNothing(t *testing.T) {
	for _, f := range lessonFiles {
		if strings.HasPrefix(f.name, "heldout") && f.name != "heldout3.tsv" {
			t.Errorf("%s is among the lessons", f.name)
		}
	}
}
