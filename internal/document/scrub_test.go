package document_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/document"
	"mailprobe/internal/verify"
)

const planted = "correct-horse-battery"

// fill puts the secret into every text of a value.
func fill(v reflect.Value, depth int) {
	if list := v.Kind() == reflect.Slice || v.Kind() == reflect.Map; depth == 0 || list && depth == 1 || !v.CanSet() {
		return
	}
	switch {
	case v.Type() == reflect.TypeFor[error]():
		v.Set(reflect.ValueOf(errors.New("said: " + planted)))
		return
	case v.Type() == reflect.TypeFor[time.Time]():
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(planted)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth-1)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), depth-1)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), depth-1)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, depth-1)
		fill(value, depth-1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	}
}

// holding returns the fields of a value that hold the secret, each once.
func holding(v reflect.Value, path string) []string {
	var all []string
	switch v.Kind() {
	case reflect.String:
		if strings.Contains(v.String(), planted) {
			all = []string{path}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			all = holding(v.Elem(), path)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				all = append(all, holding(v.Field(i), path+"."+f.Name)...)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			all = append(all, holding(v.Index(i), path+"[]")...)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			all = append(all, holding(v.MapIndex(key), path+"[]")...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ours are the texts of a document that no server can choose: what the user or
// the catalogue names, what this program says, and what was scrubbed where it
// was observed. A new field belongs here or into what is scrubbed.
var ours = []string{
	".Target", ".Title", ".Provider.ID", ".Provider.Name", ".Verdict",
	".NotOffered[].Protocol", ".NotOffered[].Note", ".NotOffered[].DocumentedIn.",
	".Findings[].Code", ".Findings[].Severity", ".Findings[].Blame", ".Findings[].Phase", ".Findings[].Message", ".Findings[].Remedy", ".Findings[].Steps[]", ".Findings[].HelpURL",
	".Controls[].Server.", ".Endpoints[].Server.",
	".Endpoints[].Role", ".Endpoints[].Source", ".Endpoints[].AlsoFrom[]", ".Endpoints[].DocumentedIn.", ".Endpoints[].Standing", ".Endpoints[].When", ".Endpoints[].Note", ".Endpoints[].Verdict", ".Endpoints[].FailedPhase",
	".Endpoints[].DNS.", ".Endpoints[].Tried[].Error", ".Endpoints[].NativeLogin", ".Endpoints[].UnlikeAsked.",
	".Endpoints[].Phases[].Name", ".Endpoints[].Phases[].Status",
	".Endpoints[].Auth.Status", ".Endpoints[].Auth.Mechanism", ".Endpoints[].Auth.Username", ".Endpoints[].Auth.Reply",
	".Endpoints[].OtherForm.Status", ".Endpoints[].OtherForm.Mechanism", ".Endpoints[].OtherForm.Username", ".Endpoints[].OtherForm.Reply",
	".Endpoints[].AccessReply", ".Endpoints[].Message.Subject", ".Endpoints[].Message.Reply", ".Endpoints[].MechanismChecks[].Reply",
	".Endpoints[].Token.", ".Endpoints[].TLS.ServerName", ".Endpoints[].TLS.Store", ".Endpoints[].TLS.SystemTrust", ".Endpoints[].TLS.MozillaTrust", ".Endpoints[].TLS.Causes[].Kind",
	".Endpoints[].TLSFailure.", ".Endpoints[].Instead[].", ".Endpoints[].Transcript[].Text",
	".Endpoints[].Findings[].Code", ".Endpoints[].Findings[].Severity", ".Endpoints[].Findings[].Blame", ".Endpoints[].Findings[].Phase", ".Endpoints[].Findings[].Message", ".Endpoints[].Findings[].Remedy", ".Endpoints[].Findings[].Steps[]", ".Endpoints[].Findings[].HelpURL",
}

// No field is forgotten: whatever a server can choose is scrubbed.
func TestEveryFieldIsScrubbed(t *testing.T) {
	r := new(verify.Report)
	fill(reflect.ValueOf(r).Elem(), 9)
	r.Scrub(auth.NewScrubber(auth.NewCredential(auth.Password, auth.NewSecret(planted))))
	left := holding(reflect.ValueOf(document.Of(r, "")), "")
	if len(left) == 0 {
		t.Fatal("nothing was planted")
	}
	for _, path := range left {
		if !slices.ContainsFunc(ours, func(own string) bool {
			return path == own || strings.HasSuffix(own, ".") && strings.HasPrefix(path, own)
		}) {
			t.Errorf("%s holds the secret", path)
		}
	}
}
