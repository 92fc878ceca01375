package discover

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"

	"mailprobe/internal/dnsclient"
	"mailprobe/internal/finding"
	"mailprobe/internal/published"
)

// Digest is the code of a finding that DNS has not the digest of a document.
const Digest = "settings.digest"

const paccPath = "/.well-known/user-agent-configuration.json"

// pacc asks for the JSON, and for the digests of it in DNS, of which one must
// be right: several stand there while the document changes.
func (a *asker) pacc(ctx context.Context) Report {
	var r Report
	name := "_ua-auto-config." + a.domain
	answer, dnsErr := a.records(ctx, name, dnsclient.TXT)
	digests, wrong := paccDigests(answer.TXT)
	p, ok := a.get(ctx, &r, call{method: "GET", url: "https://ua-auto-config." + a.domain + paccPath})
	args := finding.Args{"name": name, "url": r.Where}
	switch {
	case len(answer.TXT) == 0 && dnsErr == nil && r.Status != None && (!ok || !published.ReadPACC(p.body).Read):
		return r.notPACC()
	case !ok:
		if r.Status == None && len(digests) > 0 {
			r.says(finding.Finding{Code: Digest, Severity: finding.Warning, Args: args, Message: "{name} holds the digest of a document that is not there ({url}).", Remedy: "Take the record out, or give out the document."})
		}
		return r
	}
	if wrong {
		r.says(finding.Finding{Code: Digest, Severity: finding.Warning, Args: args, Message: "A record at {name} cannot be read.", Remedy: "Write it like v=UAAC1; a=sha256; d=DIGEST."})
	}
	sum := sha256.Sum256(p.body)
	args["right"] = "v=UAAC1; a=sha256; d=" + base64.StdEncoding.EncodeToString(sum[:])
	switch {
	case dnsErr != nil:
		return r.noDNS(dnsErr)
	case len(digests) == 0:
		r.says(finding.Finding{Code: Digest, Args: args, Message: "There is no digest of {url} in DNS ({name} TXT), so programs must not use it.", Remedy: "Add the record {right}."})
		return r.failed("DNS has no digest of it")
	case !anyMatches(digests, sum[:]):
		r.says(finding.Finding{Code: Digest, Args: args, Message: "The digest in DNS ({name} TXT) is not that of {url}: the document was changed and the record was not, so programs must not use it.", Remedy: "Change the record to {right}."})
		return r.failed("the digest in DNS is another")
	}
	return r.take(published.ReadPACC(p.body), published.PACC)
}

// notPACC says that a host answers for a name that nothing in DNS calls one for
// PACC: records for all names of a domain lead there.
func (r Report) notPACC() Report {
	asked := Report{Where: r.Where, Asked: r.Asked}
	return asked.none("a web server answers for the name, with something else, and DNS has no digest")
}

// paccDigests reads the digests of TXT records. What is no such record is
// passed over; one that is and cannot be read is wrong.
func paccDigests(texts []string) (digests [][]byte, wrong bool) {
	for _, text := range texts {
		tags := map[string]string{}
		for part := range strings.SplitSeq(text, ";") {
			key, value, _ := strings.Cut(part, "=")
			tags[strings.ToLower(strings.TrimSpace(key))] = strings.TrimSpace(value)
		}
		if tags["v"] != "UAAC1" {
			continue
		}
		digest, err := base64.StdEncoding.DecodeString(tags["d"])
		if err != nil {
			digest, err = base64.RawStdEncoding.DecodeString(tags["d"])
		}
		if err != nil || len(digest) != sha256.Size || !strings.EqualFold(tags["a"], "sha256") {
			wrong = true
			continue
		}
		digests = append(digests, digest)
	}
	return digests, wrong
}

func anyMatches(digests [][]byte, sum []byte) bool {
	for _, d := range digests {
		if subtle.ConstantTimeCompare(d, sum) == 1 {
			return true
		}
	}
	return false
}
