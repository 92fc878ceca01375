package bulk

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// A Shard is one of several parts of a list, which together are the whole list
// and of which no two have a target in common. All targets of an operator are
// in the same, so that who is polite in each is polite altogether. The zero
// Shard is the whole list.
type Shard struct {
	Index int // from 1
	Total int
}

func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Total) }

// Holds reports whether the targets of an operator are in the shard: the first
// eight bytes of the SHA-256 of its name, as a number, modulo the number of
// shards. It is the same on every machine and in every version.
func (s Shard) Holds(operator string) bool {
	if s.Total <= 1 {
		return true
	}
	sum := sha256.Sum256([]byte(operator))
	return binary.BigEndian.Uint64(sum[:8])%uint64(s.Total) == uint64(s.Index-1)
}

// maxShards bounds the parts of a list.
const maxShards = 100_000

// ParseShard reads I/N, auto or auto/N; getenv looks up the variables by which
// CI systems and Kubernetes number what runs side by side. Empty is the whole
// list.
func ParseShard(text string, getenv func(string) string) (Shard, error) {
	name, total, slash := strings.Cut(text, "/")
	switch {
	case text == "":
		return Shard{}, nil
	case name == "auto" && slash:
		return indexed(total, getenv)
	case text == "auto":
		return numbered(getenv)
	}
	s, err := shardOf(name, total, 1)
	if err != nil {
		return s, fmt.Errorf("--shard %q: %w; write it like 1/4, auto or auto/4", text, err)
	}
	return s, nil
}

// engines are the systems that number what runs side by side, and from which
// number on.
var engines = []struct {
	name, index, total string
	from               int
}{
	{"GitLab", "CI_NODE_INDEX", "CI_NODE_TOTAL", 1},
	{"CircleCI", "CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0},
	{"Buildkite", "BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0},
	{"Semaphore", "SEMAPHORE_JOB_INDEX", "SEMAPHORE_JOB_COUNT", 1},
	{"Bitbucket", "BITBUCKET_PARALLEL_STEP", "BITBUCKET_PARALLEL_STEP_COUNT", 0},
}

// numbered is the shard that the first known variables name.
func numbered(getenv func(string) string) (Shard, error) {
	var known []string
	for _, e := range engines {
		known = append(known, e.index)
		if getenv(e.index) == "" || getenv(e.total) == "" {
			continue
		}
		s, err := shardOf(getenv(e.index), getenv(e.total), e.from)
		if err != nil {
			return s, fmt.Errorf("--shard auto: %s and %s of %s: %w", e.index, e.total, e.name, err)
		}
		return s, nil
	}
	return Shard{}, fmt.Errorf("--shard auto: none of the variables %s is set together with its total; write --shard I/N, or auto/N where JOB_COMPLETION_INDEX is set", strings.Join(known, ", "))
}

// indexed is the shard of an Indexed Job of Kubernetes, which counts from 0 and
// does not tell how many there are.
func indexed(total string, getenv func(string) string) (Shard, error) {
	const variable = "JOB_COMPLETION_INDEX"
	if getenv(variable) == "" {
		return Shard{}, fmt.Errorf("--shard auto/%s: the variable %s is not set; an Indexed Job of Kubernetes sets it", total, variable)
	}
	s, err := shardOf(getenv(variable), total, 0)
	if err != nil {
		return s, fmt.Errorf("--shard auto/%s: with %s: %w", total, variable, err)
	}
	return s, nil
}

// shardOf reads a number, counted from 0 or 1, and how many there are.
func shardOf(index, total string, from int) (Shard, error) {
	i, err := strconv.ParseUint(index, 10, 31)
	if err != nil {
		return Shard{}, fmt.Errorf("%q is no number", index)
	}
	n, err := strconv.ParseUint(total, 10, 31)
	if err != nil {
		return Shard{}, fmt.Errorf("%q is no number", total)
	}
	s := Shard{Index: int(i) - from + 1, Total: int(n)}
	if s.Total < 1 || s.Total > maxShards || s.Index < 1 || s.Index > s.Total {
		return Shard{}, fmt.Errorf("%s of %s, counted from %d, is none", index, total, from)
	}
	return s, nil
}
