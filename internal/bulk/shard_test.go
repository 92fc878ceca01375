package bulk

import (
	"fmt"
	"strings"
	"testing"
)

// TestShards: the shards are whole and disjoint, and none is a sixth larger or
// smaller than the others.
func TestShards(t *testing.T) {
	const operators = 10_000
	for _, total := range []int{1, 2, 3, 4, 5, 7, 8, 10, 12, 16} {
		size := make([]int, total)
		for i := range operators {
			name, in := fmt.Sprintf("operator-%d.example", i), 0
			for index := range total {
				if (Shard{index + 1, total}).Holds(name) {
					size[index]++
					in++
				}
			}
			if in != 1 {
				t.Fatalf("%s is in %d of %d shards\nwant 1", name, in, total)
			}
		}
		for i, n := range size {
			if mean := float64(operators) / float64(total); float64(n) < 0.85*mean || float64(n) > 1.15*mean {
				t.Errorf("%d/%d\ngot  %d operators\nwant %.0f, or 15 %% more or less", i+1, total, n, mean)
			}
		}
	}
}

// TestShardIsStable: what machine and version it is does not matter.
func TestShardIsStable(t *testing.T) {
	got := ""
	for _, name := range []string{"gmail.com", "office365.com", "example.co.uk", "192.0.2.1"} {
		for i := range 5 {
			if (Shard{i + 1, 5}).Holds(name) {
				got += fmt.Sprint(i+1, " ")
			}
		}
	}
	// printf gmail.com | sha256sum | head -c 16, as a number modulo 5, and 1 more.
	if want := "3 2 3 2 "; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestParseShard(t *testing.T) {
	for _, row := range []struct {
		text, env, want string
	}{
		{"", "", "0/0"},
		{"1/1", "", "1/1"},
		{"3/4", "CI_NODE_INDEX=1 CI_NODE_TOTAL=2", "3/4"},
		{"auto", "CI_NODE_INDEX=2 CI_NODE_TOTAL=4", "2/4"},
		{"auto", "CIRCLE_NODE_INDEX=0 CIRCLE_NODE_TOTAL=4", "1/4"},
		{"auto", "CIRCLE_NODE_INDEX=3 CIRCLE_NODE_TOTAL=4", "4/4"},
		{"auto", "BUILDKITE_PARALLEL_JOB=0 BUILDKITE_PARALLEL_JOB_COUNT=3", "1/3"},
		{"auto", "SEMAPHORE_JOB_INDEX=1 SEMAPHORE_JOB_COUNT=3", "1/3"},
		{"auto", "BITBUCKET_PARALLEL_STEP=1 BITBUCKET_PARALLEL_STEP_COUNT=2", "2/2"},
		{"auto", "CI_NODE_TOTAL=1 BUILDKITE_PARALLEL_JOB=1 BUILDKITE_PARALLEL_JOB_COUNT=3", "2/3"},
		{"auto/8", "JOB_COMPLETION_INDEX=7", "8/8"},

		{"auto", "", "none of the variables CI_NODE_INDEX, "},
		{"auto", "CI_NODE_INDEX=2", "none of the variables"},
		{"auto", "JOB_COMPLETION_INDEX=2", "none of the variables"},
		{"auto", "CI_NODE_INDEX=5 CI_NODE_TOTAL=4", "CI_NODE_INDEX and CI_NODE_TOTAL of GitLab: 5 of 4"},
		{"auto", "CI_NODE_INDEX=0 CI_NODE_TOTAL=4", "0 of 4, counted from 1, is none"},
		{"auto", "CIRCLE_NODE_INDEX=4 CIRCLE_NODE_TOTAL=4", "4 of 4, counted from 0"},
		{"auto/8", "CI_NODE_INDEX=2 CI_NODE_TOTAL=8", "JOB_COMPLETION_INDEX is not set"},
		{"auto/8", "JOB_COMPLETION_INDEX=8", "8 of 8, counted from 0"},
		{"auto/", "JOB_COMPLETION_INDEX=0", `"" is no number`},
		{"0/4", "", "write it like 1/4"},
		{"5/4", "", "5 of 4"},
		{"-1/4", "", `"-1" is no number`},
		{"1", "", `"" is no number`},
		{"1/0", "", "1 of 0"},
		{"1/4/2", "", `"4/2" is no number`},
		{"AUTO", "", "write it like 1/4, auto"},
	} {
		env := map[string]string{}
		for pair := range strings.FieldsSeq(row.env) {
			name, value, _ := strings.Cut(pair, "=")
			env[name] = value
		}
		s, err := ParseShard(row.text, func(name string) string { return env[name] })
		got := s.String()
		if err != nil {
			got = err.Error()
		}
		if got != row.want && (err == nil || !strings.Contains(got, row.want)) {
			t.Errorf("%q with %q\ngot  %s\nwant %s", row.text, row.env, got, row.want)
		}
	}
}

func TestOperator(t *testing.T) {
	for host, want := range map[string]string{
		"imap.example.com": "example.com", "IMAP.Example.CO.UK.": "example.co.uk", "a.b.example.com": "example.com", "192.0.2.1": "192.0.2.1",
		"2001:db8::1": "2001:db8::1", "::ffff:192.0.2.1": "192.0.2.1", "localhost": "localhost", "co.uk": "co.uk", "": "",
	} {
		if got := operator(host); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", host, got, want)
		}
	}
}
