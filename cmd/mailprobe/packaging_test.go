package main

import (
	"errors"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"mailprobe/internal/lab"
	"mailprobe/internal/settings"
)

// A step is one run of the Action's script in a repository of somebody else.
type step struct {
	status  int
	stdout  string
	outputs map[string]string
	folder  string
}

// action runs packaging/action.sh with inputs, against a lab with a server that
// works and one that does not.
func action(t *testing.T, inputs map[string]string) step {
	t.Helper()
	bash := program(t, "bash")
	script, err := filepath.Abs("../../packaging/action.sh")
	if err != nil {
		t.Fatal(err)
	}
	good := settings.Endpoint{Protocol: settings.IMAP, Host: "imap.good.example", Port: 993, Security: settings.TLS}
	bad, busy := good, good
	bad.Host, busy.Host = "imap.bad.example", "imap.busy.example"
	box, err := lab.Start(t.Context(), lab.Options{Servers: []lab.Server{{Endpoint: good}, {Endpoint: bad, Fault: lab.Expired}, {Endpoint: busy, Fault: lab.TooManyConns}}})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	s := step{folder: t.TempDir(), outputs: map[string]string{}}
	ca, output := filepath.Join(s.folder, "ca.pem"), filepath.Join(s.folder, "output")
	if err := errors.Join(os.WriteFile(ca, box.CAPEM(), 0o600), os.WriteFile(filepath.Join(s.folder, "suite.yaml"), []byte("cases: [{target: 'imaps://imap.good.example'}]\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), bash, script)
	c.Dir = s.folder
	c.Env = append(os.Environ(), "GITHUB_OUTPUT="+output, "GITHUB_STEP_SUMMARY="+filepath.Join(s.folder, "summary.md"))
	inputs["ACTION_ARGS"] = strings.Join(append(box.Flags(ca), inputs["ACTION_ARGS"]), "\n")
	for name, value := range inputs {
		c.Env = append(c.Env, name+"="+value)
	}
	out, err := c.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		s.status = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	s.stdout = string(out)
	text, _ := os.ReadFile(output)
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		s.outputs[name] = value
	}
	return s
}

// program returns a program that a test needs. Without it the test skips; with
// MAILPROBE_REQUIRE_SERVERS=1 it fails.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("MAILPROBE_REQUIRE_SERVERS") == "1" {
		t.Fatalf("%s is not installed, and MAILPROBE_REQUIRE_SERVERS=1", name)
	} else if err != nil {
		t.Skipf("%s is not installed: nothing was tested", name)
	}
	return path
}

func TestAction(t *testing.T) {
	const good, bad, busy = "imaps://imap.good.example", "imaps://imap.bad.example", "imaps://imap.busy.example"
	for _, row := range []struct {
		name    string
		inputs  map[string]string
		status  int
		verdict string
		says    string
	}{
		{"a target", map[string]string{"ACTION_TARGETS": good}, 0, "works", "imap.good.example works from here"},
		{"two targets, one is broken", map[string]string{"ACTION_TARGETS": good + "\n" + bad}, 1, "fails", "::error title=IMAP imap.bad.example"},
		{"it never fails", map[string]string{"ACTION_TARGETS": bad, "ACTION_FAIL_ON": "never"}, 0, "fails", "::error"},
		{"it could not be judged", map[string]string{"ACTION_TARGETS": busy}, 3, "unknown", "UNKNOWN"},
		{"it could not be judged, and that is no failure", map[string]string{"ACTION_TARGETS": busy, "ACTION_FAIL_ON": "fails"}, 0, "unknown", "UNKNOWN"},
		{"a warning is one", map[string]string{"ACTION_TARGETS": good, "ACTION_FAIL_ON": "warnings", "ACTION_ARGS": "--expiry-warning=3650d"}, 1, "fails", "::warning"},
		{"lines as on Windows, and indented", map[string]string{"ACTION_TARGETS": "  " + good + "\r\n  " + good + "\r\n", "ACTION_ARGS": "  --strict\r\n\t--expiry-warning=3650d \r\n \r\n", "ACTION_FAIL_ON": "never\r\n", "ACTION_REPORTS": " here \r\n"}, 0, "fails", "::warning"},
		{"a suite on a line of its own", map[string]string{"ACTION_SUITE": " suite.yaml\r\n"}, 0, "works", "as expected (suite.yaml:1)"},
		{"a suite", map[string]string{"ACTION_SUITE": "suite.yaml"}, 0, "works", "as expected (suite.yaml:1)"},
		{"a mistake", map[string]string{"ACTION_TARGETS": "gmial", "ACTION_FAIL_ON": "never"}, 2, "", ""},
		{"nothing", map[string]string{}, 2, "", "::error title=mailprobe::give targets or a suite"},
		{"both", map[string]string{"ACTION_TARGETS": good, "ACTION_SUITE": "suite.yaml"}, 2, "", "not both"},
		{"another word", map[string]string{"ACTION_TARGETS": good, "ACTION_FAIL_ON": "sometimes"}, 2, "", "fail-on is one of"},
		{"an attack", map[string]string{"ACTION_TARGETS": "$(touch${IFS}owned) `touch owned` ; touch owned"}, 2, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := action(t, row.inputs)
			if got.status != row.status || got.outputs["verdict"] != row.verdict || !strings.Contains(got.stdout, row.says) {
				t.Errorf("got  %+v\nwant status %d, verdict %q, %q", got, row.status, row.verdict, row.says)
			}
			if _, err := os.Stat(filepath.Join(got.folder, "owned")); err == nil {
				t.Error("an input was run")
			}
			if row.verdict == "" {
				return
			}
			for _, name := range []string{"json", "junit"} {
				if info, err := os.Stat(filepath.Join(got.folder, got.outputs[name])); err != nil || info.Size() == 0 {
					t.Errorf("%s: got  %v\nwant a report", name, err)
				}
			}
		})
	}
}

// TestActionFile holds that each input and output of the Action is one of its
// script, and that none is put into a script as text.
func TestActionFile(t *testing.T) {
	text, script := fileOf(t, "../../action.yml"), fileOf(t, "../../packaging/action.sh")
	var file struct {
		Inputs, Outputs map[string]any
		Runs            struct {
			Steps []struct {
				Run string
				Env map[string]string
			}
		}
	}
	if err := yaml.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	for name := range file.Inputs {
		variable := "ACTION_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		last := file.Runs.Steps[len(file.Runs.Steps)-1]
		if last.Env[variable] != "${{ inputs."+name+" }}" || !strings.Contains(script, "${"+variable+":-") {
			t.Errorf("the input %s does not reach the script", name)
		}
	}
	for name := range file.Outputs {
		if !strings.Contains(script, name+"=%s") {
			t.Errorf("the output %s is not written", name)
		}
	}
	for _, s := range file.Runs.Steps {
		if strings.Contains(s.Run, "${{") {
			t.Errorf("an expression stands in a script: %s", s.Run)
		}
	}
}

func fileOf(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestShippedYAML holds that what is written for other programs is YAML, and
// says what makes it do what it is for.
func TestShippedYAML(t *testing.T) {
	for name, want := range map[string][]string{
		"gitlab/bulk.gitlab-ci.yml":      {"--shard auto", "exit_codes: [3]"},
		"github/bulk.yml":                {"fail-fast: false", `--shard "$PART/4"`},
		"gitlab/mailprobe.gitlab-ci.yml": {"junit: mailprobe.xml", "exit_codes: [3]"},
	} {
		text := fileOf(t, filepath.Join("../../packaging", name))
		d := yaml.NewDecoder(strings.NewReader(text))
		for {
			var v map[string]any
			if err := d.Decode(&v); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("%s does not say %s", name, part)
			}
		}
	}
}

// TestUnit holds the unit against what systemd knows: it is well formed, and
// locked in.
func TestUnit(t *testing.T) {
	analyze := program(t, "systemd-analyze")
	folder := t.TempDir()
	for _, name := range []string{"mailprobe.service", "mailprobe-serve.service", "mailprobe.timer"} {
		text := strings.ReplaceAll(fileOf(t, "../../packaging/systemd/"+name), "/usr/bin/mailprobe", "/bin/true")
		text = regexp.MustCompile(`(?m)^Documentation=man:.*\n`).ReplaceAllString(text, "")
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	service, served := filepath.Join(folder, "mailprobe.service"), filepath.Join(folder, "mailprobe-serve.service")
	for _, args := range [][]string{
		{"verify", service, served, filepath.Join(folder, "mailprobe.timer")},
		{"security", "--offline=yes", "--threshold=25", "--no-pager", service}, {"security", "--offline=yes", "--threshold=25", "--no-pager", served},
	} {
		if out, err := exec.CommandContext(t.Context(), analyze, args...).CombinedOutput(); err != nil || args[0] == "verify" && len(out) > 0 {
			t.Errorf("%s: %v: %s", args[0], err, out)
		}
	}
}

// TestGenerate holds that man pages say what the program takes and are read
// without a complaint, and that the shells understand their scripts.
func TestGenerate(t *testing.T) {
	folder := t.TempDir()
	a := &app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard}
	if status := a.run(t.Context(), []string{"generate", folder}); status != exitWorks {
		t.Fatalf("got  status %d", status)
	}
	page := fileOf(t, filepath.Join(folder, "man", "mailprobe.1"))
	for _, want := range []string{"office365", "cert.expired", "prometheus", "XOAUTH2", "baseline"} {
		if !strings.Contains(strings.ReplaceAll(page, `\`, ""), want) {
			t.Errorf("mailprobe.1 does not say %s", want)
		}
	}
	run := fileOf(t, filepath.Join(folder, "man", "mailprobe-run.1"))
	if strings.Contains(run, "[") && strings.Contains(run, `\[la]`) {
		t.Error("a text was taken for a link")
	}
	pages, err := filepath.Glob(filepath.Join(folder, "man", "*.1"))
	if err != nil || len(pages) < 10 {
		t.Fatalf("got  %v, %v\nwant a page for each command", pages, err)
	}
	if bash, err := exec.LookPath("bash"); err == nil {
		if out, err := exec.CommandContext(t.Context(), bash, "-n", filepath.Join(folder, "completions", "mailprobe.bash")).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
	out, err := exec.CommandContext(t.Context(), program(t, "groff"), append([]string{"-Kutf8", "-man", "-ww", "-z", "-Tutf8"}, pages...)...).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v: %s", err, out)
	}
}

// TestRename holds that one command gives the module another name, wherever the
// code says it: a test that held imports against the old one would hold nothing.
func TestRename(t *testing.T) {
	bash := program(t, "bash")
	old, _, _ := strings.Cut(strings.TrimPrefix(fileOf(t, "../../go.mod"), "module "), "\n")
	folder, name := t.TempDir(), "git.example.org/mail/renamed"
	copyTree(t, "../..", folder)
	if out, err := exec.CommandContext(t.Context(), bash, filepath.Join(folder, "packaging", "rename-module.sh"), name).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if text := fileOf(t, filepath.Join(folder, "go.mod")); !strings.HasPrefix(text, "module "+name+"\n") {
		t.Errorf("got  %.80s\nwant the new name", text)
	}
	renamed := 0
	err := filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") {
			return err
		}
		if text := fileOf(t, path); strings.Contains(text, `"`+old+`/`) {
			t.Errorf("%s still says %s", path, old)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range parsed.Imports {
			if strings.HasPrefix(i.Path.Value, `"`+name+`/`) {
				renamed++
			}
		}
		return nil
	})
	if err != nil || renamed < 100 {
		t.Errorf("got  %d imports by the new name, %v", renamed, err)
	}
	if err := exec.CommandContext(t.Context(), bash, "../../packaging/rename-module.sh", "a b").Run(); err == nil {
		t.Error("got  a bad name accepted")
	}
}

// copyTree copies what of a tree belongs to the module.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{".git", "testdata"}, d.Name()) {
			return filepath.SkipDir
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), text, info.Mode())
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestCheckCommand holds the CheckCommand against Icinga 2 itself, with a
// service that uses it.
func TestCheckCommand(t *testing.T) {
	icinga := program(t, "icinga2")
	folder := t.TempDir()
	file := filepath.Join(folder, "icinga2.conf")
	text := "include <itl>\n" + fileOf(t, "../../packaging/icinga2/mailprobe.conf") + `
object Host "here" {
  check_command = "dummy"
}
object Service "mail" {
  host_name = "here"
  check_command = "mailprobe"
  vars.mailprobe_target = [ "gmail", "yahoo" ]
}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"daemon", "-C", "-c", file, "-DRunAsUser=root", "-DRunAsGroup=root"}
	for _, path := range []string{"InitRunDir", "DataDir", "CacheDir"} {
		args = append(args, "-D"+path+"="+folder)
	}
	for _, path := range []string{"PidPath", "StatePath", "ModAttrPath", "VarsPath", "ObjectsPath"} {
		args = append(args, "-D"+path+"="+filepath.Join(folder, path))
	}
	out, err := exec.CommandContext(t.Context(), icinga, args...).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Finished validating") {
		t.Errorf("%v: %s", err, out)
	}
}
