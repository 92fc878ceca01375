package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"mailprobe/internal/catalog"
	"mailprobe/internal/lab"
	"mailprobe/internal/oauth/idptest"
	"mailprobe/internal/settings"
)

// A scriptWord is a command of the scripts.
type scriptWord = func(ts *testscript.TestScript, neg bool, args []string)

// scriptWords are what the scripts know beside testscript's own commands:
//
//	lab SERVER[=FAULT]...   starts a lab of endpoint URLs and providers; @lab is how to reach it
//	run STATUS ARGS...      runs mailprobe, which must end with STATUS
//	refuses PATTERN ARGS... runs mailprobe, which must refuse its command line in one line that
//	                        matches, with status 2, nothing on stdout and nothing dialled
//	[!] json FILE PATH VALUE   what FILE holds at PATH (endpoints.0.port, endpoints.*.port, reports.index=1.target, reports.sorted.target) is VALUE
//	saw connections=N accepted=N refused=N cleartext=N   what the lab has seen so far
//	idp OPTION=VALUE...     starts an identity provider under the names of those that are known; @idp is how to reach it
//	idpsaw PATH=N...        how often that was asked for at the identity provider
//	jwt FILE NAME=VALUE...  writes a token with these claims; a time of +N or -N is that many seconds from now
//	account FILE EMAIL      writes the key of a Google service account
//	keypair rsa|ec CERTIFICATE KEY   writes an application's certificate and key
//
// The argument @lab of run and refuses stands for the flags that lead into
// the lab, @signin for those that sign in there, @providers for the ids of the
// catalogue, and @documented for those of providers with something to verify;
// in the VALUE of json as well.
func scriptWords() map[string]scriptWord {
	return map[string]scriptWord{"lab": startLab, "run": run, "refuses": refuses, "json": checkJSON, "saw": saw, "idp": startIDP, "idpsaw": idpSaw, "jwt": makeJWT, "keypair": makeKeyPair, "account": makeAccount}
}

// A scriptBox is the lab of one script. What is nil was not started.
type scriptBox struct {
	lab   *lab.Lab
	idp   *idptest.Server
	proxy *idptest.Proxy
}

type boxKey struct{}

func boxOf(ts *testscript.TestScript) *scriptBox { return ts.Value(boxKey{}).(*scriptBox) }

func startLab(ts *testscript.TestScript, neg bool, args []string) {
	if neg || boxOf(ts).lab != nil {
		ts.Fatalf("usage: lab SERVER[=FAULT]..., once")
	}
	var servers []lab.Server
	for _, arg := range args {
		name, fault, _ := strings.Cut(arg, "=")
		servers = append(servers, labServers(ts, name, lab.Fault(fault))...)
	}
	accounts := []lab.Account{
		{Address: scriptUser, Password: scriptPassword, Token: "good-token"},
		{Address: "me@icloud.com", Password: scriptPassword},
	}
	l, err := lab.Start(context.Background(), lab.Options{Servers: servers, Accounts: accounts})
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	ts.Check(os.WriteFile(ts.MkAbs("ca.pem"), l.CAPEM(), 0o600))
	boxOf(ts).lab = l
}

// labServers are the servers of one argument: a URL, or a provider's id.
func labServers(ts *testscript.TestScript, name string, fault lab.Fault) []lab.Server {
	if strings.Contains(name, "://") {
		e, err := settings.ParseURL(name)
		ts.Check(err)
		return []lab.Server{{Endpoint: e, Fault: fault}}
	}
	p, ok := catalog.Load().Lookup(name)
	if !ok {
		ts.Fatalf("lab: %s is not in the catalogue", name)
	}
	var all []lab.Server
	for _, s := range p.Settings() {
		if s.Role == settings.Documented {
			all = append(all, lab.Server{Endpoint: s.Endpoint, Fault: fault, Username: s.Username})
		}
	}
	return all
}

// run runs the command; its output is there for stdout and stderr.
func run(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: run STATUS ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := execute(ts, args[1:]); got != want {
		ts.Fatalf("exit status:\n got %d\nwant %d", got, want)
	}
}

func execute(ts *testscript.TestScript, args []string) int {
	err := ts.Exec("mailprobe", expand(ts, args)...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	ts.Check(err)
	return 0
}

func expand(ts *testscript.TestScript, args []string) []string {
	var all []string
	for _, arg := range args {
		switch arg {
		case "@lab":
			all = append(all, boxOf(ts).lab.Flags(ts.Getenv("WORK")+"/ca.pem")...)
		case "@idp":
			all = append(all, boxOf(ts).idpFlags(ts.Getenv("WORK")+"/idp.pem")...)
		case "@signin":
			all = append(all, "--user", scriptUser, "--password-file", ts.Getenv("WORK")+"/password", "--yes")
		case "@providers", "@documented":
			all = append(all, providerIDs(arg == "@documented")...)
		default:
			if box := boxOf(ts); box.idp != nil {
				arg = strings.ReplaceAll(arg, "@idpaddress", box.idp.Address())
			}
			all = append(all, arg)
		}
	}
	return all
}

func providerIDs(documented bool) []string {
	var ids []string
	for _, p := range catalog.Load().Outlines() {
		if !documented || slices.ContainsFunc(p.Settings(), func(s settings.Setting) bool { return s.Role == settings.Documented }) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

func refuses(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: refuses PATTERN ARGS...")
	}
	pattern, err := regexp.Compile(args[0])
	ts.Check(err)
	if got := execute(ts, args[1:]); got != exitUsage {
		ts.Fatalf("exit status:\n got %d\nwant %d", got, exitUsage)
	}
	said := ts.ReadFile("stderr")
	switch {
	case ts.ReadFile("stdout") != "":
		ts.Fatalf("there is something on stdout")
	case strings.Count(said, "\n") != 1 || !strings.HasSuffix(said, "\n") || !strings.HasPrefix(said, "mailprobe: "):
		ts.Fatalf("stderr is not one line of the command")
	case !pattern.MatchString(said):
		ts.Fatalf("stderr does not match %s", pattern)
	}
	if l := boxOf(ts).lab; l != nil && l.Total().Connections > 0 {
		ts.Fatalf("a server was dialled")
	}
}

func saw(ts *testscript.TestScript, neg bool, args []string) {
	total := boxOf(ts).lab.Total()
	counts := map[string]int{
		"connections": total.Connections, "accepted": total.Accepted, "refused": total.Refused, "cleartext": total.Cleartext,
	}
	for _, arg := range args {
		name, want, _ := strings.Cut(arg, "=")
		got, known := counts[name]
		if !known || neg {
			ts.Fatalf("usage: saw connections=N accepted=N refused=N cleartext=N")
		}
		if fmt.Sprint(got) != want {
			ts.Fatalf("%s in the lab:\n got %d\nwant %s", name, got, want)
		}
	}
}

func checkJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: [!] json FILE PATH VALUE")
	}
	var doc any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &doc))
	values, err := at(doc, strings.Split(args[1], "."))
	ts.Check(err)
	got, want := strings.Join(values, " "), strings.Join(expand(ts, args[2:]), " ")
	if (got == want) == neg {
		ts.Fatalf("%s:\n got %s\nwant %s", args[1], got, want)
	}
}

// at returns what a document holds at a path: strings bare, all else as JSON.
// A field that is not there is an error.
func at(v any, path []string) ([]string, error) {
	if len(path) == 0 || path[0] == "" {
		return []string{plain(v)}, nil
	}
	switch v := v.(type) {
	case map[string]any:
		inner, there := v[path[0]]
		if !there {
			return nil, fmt.Errorf("there is no field %q", path[0])
		}
		return at(inner, path[1:])
	case []any:
		return among(v, path)
	}
	return nil, fmt.Errorf("%s has no %q", plain(v), path[0])
}

func among(list []any, path []string) ([]string, error) {
	if path[0] == "count" {
		return []string{fmt.Sprint(len(list))}, nil
	}
	if i, err := strconv.Atoi(path[0]); err == nil && i < len(list) {
		return at(list[i], path[1:])
	}
	if field, value, ok := strings.Cut(path[0], "="); ok {
		for _, v := range list {
			if got, err := at(v, []string{field}); err == nil && slices.Equal(got, []string{value}) {
				return at(v, path[1:])
			}
		}
	}
	if path[0] != "*" && path[0] != "sorted" {
		return nil, fmt.Errorf("there is no element %s among %d", path[0], len(list))
	}
	var all []string
	for _, v := range list {
		values, err := at(v, path[1:])
		if err != nil {
			return nil, err
		}
		all = append(all, values...)
	}
	if path[0] == "sorted" {
		slices.Sort(all)
	}
	return all, nil
}

func plain(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}
