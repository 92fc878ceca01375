package diagnose

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"mailprobe/internal/finding"
)

// Judged is what was found in one run: about it as a whole, and in each of its
// endpoints.
type Judged struct {
	Run  []finding.Finding
	Each [][]finding.Finding
}

// A hindrance is what this network does to the servers of more than one
// provider. What is said of each becomes one sentence about all of them.
type hindrance struct {
	is     func(finding.Finding) bool
	one    finding.Sentence // {ports} is one
	many   finding.Sentence
	remedy finding.Sentence
	short  finding.Sentence // what is left to say of one server

	remedies finding.Sentence // in place of remedy where many is said; empty: the same
}

var hindrances = []hindrance{
	{isCode("net.port_blocked_suspected"),
		"Port {ports} is closed from here at unrelated providers ({hosts}), although this network reaches other servers: this network probably blocks the port.",
		"Ports {ports} are closed from here at unrelated providers ({hosts}), although this network reaches other servers: this network probably blocks these ports.",
		"Try from another network, such as a phone's, or ask whoever runs this network to allow port {ports}.",
		"{server} cannot be reached from here, like the same port of other providers.",
		"Try from another network, such as a phone's, or ask whoever runs this network to allow the ports {ports}."},
	{isCode(largeLostCode),
		"Short answers arrive here on port {ports} and long ones do not ({hosts}): large packets are lost on the way.",
		"Short answers arrive here on the ports {ports} and long ones do not ({hosts}): large packets are lost on the way.",
		againstLoss,
		"{server} is reached, and its long answers do not arrive here, as from other servers.", ""},
	{isCode("starttls.stripped_suspected"),
		"None of {hosts} offers encryption (STARTTLS) on port {ports} here, although all document it: something in this network removes the offer.",
		"None of {hosts} offers encryption (STARTTLS) on the ports {ports} here, although all document it: something in this network removes the offer.",
		againstStripping,
		"{server} offers no encryption (STARTTLS) here, like other providers.", ""},
	{says(cutHere),
		"Connections to port {ports} are accepted here and then broken off or left without an answer, at {hosts} alike: something in this network interferes.",
		"Connections to the ports {ports} are accepted here and then broken off or left without an answer, at {hosts} alike: something in this network interferes.",
		againstInterference,
		"{server} accepts the connection and then ends it or says nothing, like other providers' servers from here.", ""},
	{says(oddHere),
		"{hosts} fail alike on port {ports}, although they are of different providers: something in this network answers in their place, or changes what they say.",
		"{hosts} fail alike on the ports {ports}, although they are of different providers: something in this network answers in their place, or changes what they say.",
		againstFalseAnswers,
		"{server} fails as other providers' servers do from here.", ""},
	{says(barredHere),
		"{hosts} all turn the caller away at once, although they are of different providers: they bar this network's address, or something in this network answers in their place.",
		"{hosts} all turn the caller away at once, although they are of different providers: they bar this network's address, or something in this network answers in their place.",
		againstBar,
		"{server} turns the caller away at once, like other providers' servers from here.", ""},
}

func isCode(code string) func(finding.Finding) bool {
	return func(f finding.Finding) bool { return f.Code == code && f.Blame == finding.LocalNetwork }
}

func says(message finding.Sentence) func(finding.Finding) bool {
	return func(f finding.Finding) bool { return f.Code == interferenceCode && f.Message == message }
}

// Once says once, of all runs that are judged together, what this network does
// to more than one of their endpoints.
func Once(runs []*Judged) {
	for _, h := range hindrances {
		var found []finding.Finding
		for _, j := range runs {
			for _, each := range j.Each {
				found = append(found, h.among(each)...)
			}
		}
		if len(found) < 2 {
			continue
		}
		about := h.all(found)
		for _, j := range runs {
			h.shorten(j, about)
		}
	}
}

func (h hindrance) among(findings []finding.Finding) []finding.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f finding.Finding) bool { return !h.is(f) })
}

// all is what is said of the network, by what was found at each server.
func (h hindrance) all(found []finding.Finding) finding.Finding {
	f := finding.Finding{Code: found[0].Code, Severity: found[0].Severity, Blame: found[0].Blame, Message: h.one, Remedy: h.remedy}
	var ports, hosts []string
	note := func(list *[]string, text string) {
		if text != "" && !slices.Contains(*list, text) {
			*list = append(*list, text)
		}
	}
	for _, x := range found {
		note(&ports, fmt.Sprint(x.Subject.Port))
		note(&hosts, x.Subject.Host)
	}
	for _, x := range found {
		note(&hosts, x.Args["other"])
		for _, o := range x.Evidence {
			if onPort(o, ports) && !slices.Contains(f.Evidence, o) && len(f.Evidence) < maxSeen {
				f.Evidence = append(f.Evidence, o)
			}
		}
	}
	if len(ports) > 1 {
		f.Message = h.many
	}
	if len(ports) > 1 && h.remedies != "" {
		f.Remedy = h.remedies
	}
	f.Args = finding.Args{"ports": strings.Join(ports, ", "), "hosts": few(hosts)}
	return f
}

// onPort reports whether something was seen on one of some ports.
func onPort(o finding.Observation, ports []string) bool {
	return slices.ContainsFunc(ports, func(port string) bool { return strings.HasSuffix(o.At, ":"+port) })
}

// atOwn leaves of what was seen what was not seen for comparison, at a host
// by its name.
func atOwn(seen finding.Evidence) finding.Evidence {
	return slices.DeleteFunc(slices.Clone(seen), func(o finding.Observation) bool {
		_, err := netip.ParseAddrPort(o.At)
		return o.At != "" && err != nil
	})
}

// maxSeen bounds what is shown for all endpoints together.
const maxSeen = 8

// shorten leaves of what was found in a run that about says already no more
// than which servers it is about.
func (h hindrance) shorten(j *Judged, about finding.Finding) {
	hit := false
	for _, each := range j.Each {
		for i := range each {
			if f := &each[i]; h.is(*f) {
				f.Message, f.Remedy, f.HelpURL, f.Args = h.short, "", "", nil
				f.Evidence = atOwn(f.Evidence)
				hit = true
			}
		}
	}
	if hit {
		j.Run = append(j.Run, about)
		finding.Sort(j.Run)
	}
}
