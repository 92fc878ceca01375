package main

import (
	"errors"
	"io"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"mailprobe/internal/catalog"
	"mailprobe/internal/suite"
)

// shipped reads the documents of a shipped file into values, strictly.
func shipped(t *testing.T, name string, into ...any) {
	t.Helper()
	d := yaml.NewDecoder(strings.NewReader(fileOf(t, filepath.Join("../../packaging", name))))
	d.KnownFields(true)
	for _, v := range into {
		if err := d.Decode(v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		t.Errorf("%s holds more documents than %d: %v", name, len(into), err)
	}
}

// TestCronJob holds the CronJob against what an API server takes, and what it
// runs against this program.
func TestCronJob(t *testing.T) {
	var settings kubeConfigMap
	var job kubeCronJob
	shipped(t, "kubernetes/cronjob.yaml", &settings, &job)
	if settings.APIVersion != "v1" || settings.Kind != "ConfigMap" || job.APIVersion != "batch/v1" || job.Kind != "CronJob" {
		t.Errorf("got  %+v and %+v", settings.kubeHead, job.kubeHead)
	}
	field := `(\*|[0-9]+(-[0-9]+)?)(/[0-9]+)?`
	if !regexp.MustCompile(`^(`+field+` ){4}`+field+`$`).MatchString(job.Spec.Schedule) || !slices.Contains([]string{"Allow", "Forbid", "Replace"}, job.Spec.ConcurrencyPolicy) {
		t.Errorf("got  %+v", job.Spec)
	}
	work := job.Spec.JobTemplate.Spec
	if work.BackoffLimit == nil || *work.BackoffLimit != 0 || work.ActiveDeadlineSeconds <= 0 || job.Spec.StartingDeadlineSeconds < 10 {
		t.Errorf("a rejected password would be tried again, or a run has no end: %+v", work)
	}
	pod := work.Template.Spec
	lockedIn(t, pod)
	c := pod.Containers[0]
	takesArgs(t, c.Args)
	if pod.Volumes[0].ConfigMap == nil || pod.Volumes[0].ConfigMap.Name != settings.Metadata.Name {
		t.Errorf("got  %+v\nwant the ConfigMap %s", pod.Volumes[0], settings.Metadata.Name)
	}
	file, mounted := strings.CutPrefix(c.Args[1], c.VolumeMounts[0].MountPath+"/")
	if _, err := suite.Parse(file, []byte(settings.Data[file]), func(string) (string, bool) { return "", false }); err != nil || !mounted {
		t.Errorf("%s: %v", c.Args[1], err)
	}
}

// TestBulkJobResource does the same for the list in parts.
func TestBulkJobResource(t *testing.T) {
	var job kubeJob
	shipped(t, "kubernetes/bulk-job.yaml", &job)
	s := job.Spec
	if job.APIVersion != "batch/v1" || job.Kind != "Job" || s.CompletionMode != "Indexed" || s.Completions != s.Parallelism || s.BackoffLimitPerIndex == nil || s.MaxFailedIndexes == nil || *s.MaxFailedIndexes > s.Completions {
		t.Errorf("got  %+v", job)
	}
	pod := s.Template.Spec
	lockedIn(t, pod)
	c := pod.Containers[0]
	takesArgs(t, c.Args)
	if want := "--shard=auto/" + string('0'+rune(s.Completions)); !slices.Contains(c.Args, want) {
		t.Errorf("got  %v\nwant %s, as many as completions", c.Args, want)
	}
	var named []string
	for _, e := range c.Env {
		named = append(named, e.Name)
	}
	for _, m := range regexp.MustCompile(`\$\((\w+)\)`).FindAllStringSubmatch(strings.Join(c.Args, " "), -1) {
		if !slices.Contains(named, m[1]) {
			t.Errorf("%s is filled in and has no value", m[1])
		}
	}
	for _, r := range s.PodFailurePolicy.Rules {
		known := slices.Contains([]string{"FailJob", "FailIndex", "Ignore", "Count"}, r.Action) && (r.OnExitCodes == nil) != (len(r.OnPodConditions) == 0)
		if x := r.OnExitCodes; x != nil {
			known = known && x.ContainerName == c.Name && slices.Contains([]string{"In", "NotIn"}, x.Operator) && slices.IsSorted(x.Values) && len(x.Values) > 0 && x.Values[0] > 0
		}
		if !known {
			t.Errorf("got  %+v", r)
		}
	}
}

// lockedIn holds that a Pod runs as nobody, mounts what there is, and asks for
// no more than it may have.
func lockedIn(t *testing.T, p kubePod) {
	t.Helper()
	no := func(b *bool) bool { return b != nil && !*b }
	if x := p.SecurityContext; p.RestartPolicy != "Never" || !no(p.AutomountServiceAccountToken) || !no(p.EnableServiceLinks) || !x.RunAsNonRoot || x.RunAsUser == 0 || x.RunAsGroup == 0 || x.SeccompProfile.Type != "RuntimeDefault" {
		t.Errorf("got  %+v", p)
	}
	name, quantity := regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`), regexp.MustCompile(`^[0-9]+(m|Ki|Mi|Gi)?$`)
	var volumes []string
	for _, v := range p.Volumes {
		volumes = append(volumes, v.Name)
	}
	if len(p.Containers) != 1 {
		t.Fatalf("got  %d containers", len(p.Containers))
	}
	c := p.Containers[0]
	if x := c.SecurityContext; !no(x.AllowPrivilegeEscalation) || !x.ReadOnlyRootFilesystem || !reflect.DeepEqual(x.Capabilities.Drop, []string{"ALL"}) || !name.MatchString(c.Name) || c.Image == "" {
		t.Errorf("got  %+v", c)
	}
	for _, m := range c.VolumeMounts {
		if !slices.Contains(volumes, m.Name) || !strings.HasPrefix(m.MountPath, "/") {
			t.Errorf("got  %+v\nwant one of the volumes %v", m, volumes)
		}
	}
	for _, list := range []map[string]string{c.Resources.Requests, c.Resources.Limits} {
		for what, q := range list {
			if !slices.Contains([]string{"cpu", "memory"}, what) || !quantity.MatchString(q) {
				t.Errorf("got  %s: %s", what, q)
			}
		}
	}
}

// takesArgs holds that this program takes some arguments.
func takesArgs(t *testing.T, args []string) {
	t.Helper()
	a := &app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard, providers: catalog.Load()}
	c, rest, err := a.rootCommand().Find(args)
	if err == nil {
		err = c.ParseFlags(rest)
	}
	if err != nil || c.Name() != args[0] {
		t.Errorf("%v: %v", args, err)
	}
}
