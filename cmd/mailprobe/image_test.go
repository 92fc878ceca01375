package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestProbeResource holds the resource for prometheus-operator against its
// types, strictly (monitoring.coreos.com/v1, ProbeSpec, read 2026-11-30), as far
// as they are used.
func TestProbeResource(t *testing.T) {
	var probe struct {
		kubeHead `yaml:",inline"`
		Spec     struct {
			JobName       string `yaml:"jobName"`
			Interval      string
			ScrapeTimeout string `yaml:"scrapeTimeout"`
			Module        string
			Prober        struct{ URL, Scheme, Path string }
			Targets       struct {
				StaticConfig struct {
					Static []string
					Labels map[string]string
				} `yaml:"staticConfig"`
			}
		}
	}
	shipped(t, "prometheus/probe.yaml", &probe)
	duration := regexp.MustCompile(`^[0-9]+(ms|s|m|h)$`)
	s := probe.Spec
	if probe.APIVersion != "monitoring.coreos.com/v1" || probe.Kind != "Probe" || probe.Metadata.Name == "" || !duration.MatchString(s.Interval) || !duration.MatchString(s.ScrapeTimeout) ||
		!regexp.MustCompile(`^[a-z0-9.-]+:9817$`).MatchString(s.Prober.URL) || s.Prober.Path != "/probe" || s.Prober.Scheme != "http" || len(s.Targets.StaticConfig.Static) == 0 {
		t.Errorf("got  %+v", probe)
	}
}

// TestImage holds the Dockerfile against the tree that it is built of: its
// stages, what it copies, the version of Go, and that it runs as nobody.
func TestImage(t *testing.T) {
	text := strings.ReplaceAll(fileOf(t, "../../Dockerfile"), "\\\n", "")
	stages, user, module := []string{}, "", fileOf(t, "../../go.mod")
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		switch words[0] {
		case "FROM":
			if image, tag, tagged := strings.Cut(words[1], ":"); image == "golang" && !strings.Contains(module, "\ngo "+tag+".") || !tagged {
				t.Errorf("%s is not the version of go.mod", words[1])
			}
			stages = append(stages, words[len(words)-1])
		case "COPY":
			from, staged := strings.CutPrefix(words[1], "--from=")
			if staged && !slices.Contains(stages, from) {
				t.Errorf("there is no stage %s", from)
			}
		case "RUN":
			if strings.Contains(line, "go build") && (!strings.Contains(line, "-X main.release=") || !strings.HasSuffix(strings.TrimSpace(line), " ./cmd/mailprobe")) {
				t.Errorf("got  %s", line)
			}
		case "ENTRYPOINT", "CMD":
			var list []string
			if err := yaml.Unmarshal([]byte(strings.TrimSpace(strings.TrimPrefix(line, words[0]))), &list); err != nil || len(list) != 1 {
				t.Errorf("%s: %v", line, err)
			}
		case "USER":
			user = words[1]
		case "WORKDIR", "ARG":
		default:
			t.Errorf("nobody knows %s", words[0])
		}
	}
	if !regexp.MustCompile(`^[1-9][0-9]*(:[1-9][0-9]*)?$`).MatchString(user) || len(stages) != 2 || !strings.HasSuffix(stages[1], ":nonroot") {
		t.Errorf("got  %v as %s\nwant it to run as nobody", stages, user)
	}
}
