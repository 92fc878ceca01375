package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"mailprobe/internal/catalog"
	"mailprobe/internal/lab"
	"mailprobe/internal/oauth/idptest"
	"mailprobe/internal/settings"
)

var (
	yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")
	reference = regexp.MustCompile(`^\$\{\{ (?:vars|secrets)\.([A-Z_]+) \}\}$`)
)

// workflowSecrets are what the workflows find in the repository's settings.
func workflowSecrets(t *testing.T, idp *idptest.Options) map[string]string {
	t.Helper()
	idp.PoolProvider = "projects/123456789012/locations/global/workloadIdentityPools/github/providers/mail"
	idp.ServiceAccount, idp.Refresh, idp.RunnerToken = "probe@project.iam.gserviceaccount.com", "the-refresh-token", "runner-token"
	return map[string]string{
		"MAILPROBE_CLIENT_ID": "c", "MAILPROBE_CLIENT_SECRET": "s3cr3t-of-app", "MAILPROBE_REFRESH_TOKEN": "the-refresh-token",
	}
}

// TestWorkflows carries out every command of the workflows in docs/oauth.md,
// with the environment that they set, against an identity provider and the
// providers' servers in a box.
func TestWorkflows(t *testing.T) {
	page, err := os.ReadFile("../../docs/oauth.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := yamlBlock.FindAllStringSubmatch(string(page), -1)
	if len(blocks) < 4 {
		t.Fatalf("got  %d workflows\nwant one for each way", len(blocks))
	}
	for i, block := range blocks {
		var workflow struct {
			Jobs map[string]struct {
				Steps []struct {
					Name string
					Run  string
					Env  map[string]string
				}
			}
		}
		if err := yaml.Unmarshal([]byte(block[1]), &workflow); err != nil {
			t.Fatalf("workflow %d: %v", i, err)
		}
		for _, step := range workflow.Jobs["probe"].Steps {
			if strings.HasPrefix(step.Run, "mailprobe ") {
				runStep(t, step.Name, step.Run, step.Env)
			}
		}
	}
}

// runStep runs one command in a folder of its own.
func runStep(t *testing.T, name, line string, env map[string]string) {
	t.Run(line, func(t *testing.T) {
		o := idptest.Options{Token: "good-token"}
		values := workflowSecrets(t, &o)
		t.Chdir(t.TempDir())
		t.Setenv("ACTIONS_ID_TOKEN_REQUEST_URL", "https://token.actions.example/idtoken")
		t.Setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "runner-token")
		for variable, value := range env {
			m := reference.FindStringSubmatch(value)
			if m == nil || values[m[1]] == "" {
				t.Fatalf("%s: %s is not known", variable, value)
			}
			t.Setenv(variable, values[m[1]])
		}
		args := strings.Fields(line)[1:]
		o.User = args[slices.Index(args, "--user")+1]
		o.Secret, o.Assertion = env["MAILPROBE_CLIENT_SECRET"], strings.Contains(line, "--federated") && env["MAILPROBE_CLIENT_ID"] != ""
		if o.Secret != "" {
			o.Secret = values["MAILPROBE_CLIENT_SECRET"]
		}
		writeAccount(t, "key.json", o.ServiceAccount)
		c := newCommand(t, o)
		provider, _ := catalog.Load().Lookup(args[0])
		l, err := lab.Start(t.Context(), lab.Options{Servers: documentedServers(provider), Accounts: []lab.Account{{Address: o.User, Token: "good-token"}}})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ca := filepath.Join(t.TempDir(), "ca.pem")
		if err := os.WriteFile(ca, l.CAPEM(), 0o600); err != nil {
			t.Fatal(err)
		}
		if status, stdout, stderr := c.run(append(args, l.Flags(ca)...)...); status != exitWorks {
			t.Errorf("%s\ngot  %d %s %s\nwant %d", name, status, stdout, stderr, exitWorks)
		}
	})
}

func documentedServers(p *settings.Provider) []lab.Server {
	var all []lab.Server
	for _, s := range p.Settings() {
		if s.Role == settings.Documented {
			all = append(all, lab.Server{Endpoint: s.Endpoint, Username: s.Username})
		}
	}
	return all
}
