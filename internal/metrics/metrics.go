// Package metrics is the one home of what the metrics of this program are
// called and what they say: those of the file for the textfile collector of
// node_exporter, and those of 'mailprobe serve'.
package metrics

// What a run of one target is measured by, in the words of
// blackbox_exporter, so that what is made for it works here as well.
const (
	ProbeSuccess    = "probe_success"
	ProbeDuration   = "probe_duration_seconds"
	ProbeDNS        = "probe_dns_lookup_time_seconds"
	ProbeIP         = "probe_ip_protocol"
	ProbeCertExpiry = "probe_ssl_earliest_cert_expiry"
	ProbeTLSVersion = "probe_tls_version_info"
)

// What is said of a target, or of one of its settings.
const (
	BuildInfo       = "mailprobe_build_info"
	TargetSuccess   = "mailprobe_target_success"
	TargetUnknown   = "mailprobe_target_unknown"
	CaseOutcome     = "mailprobe_case_outcome"
	CaseSuccess     = "mailprobe_case_success"
	TargetTimestamp = "mailprobe_target_timestamp_seconds"
	TargetDuration  = "mailprobe_target_duration_seconds"
	TargetFinding   = "mailprobe_target_finding"
	Success         = "mailprobe_success"
	Unknown         = "mailprobe_unknown"
	Finding         = "mailprobe_finding"
	Duration        = "mailprobe_duration_seconds"
	PhaseDuration   = "mailprobe_phase_duration_seconds"
	SignIn          = "mailprobe_sign_in"
	TLSInfo         = "mailprobe_tls_info"
	CertExpiry      = "mailprobe_certificate_not_after_timestamp_seconds"
)

// What only 'mailprobe serve' says of a target.
const (
	Phases       = "mailprobe_phase_seconds"
	HeldBack     = "mailprobe_sign_in_held_back"
	Waits        = "mailprobe_sign_in_waits"
	DaysLeft     = "mailprobe_certificate_daysleft"
	Drift        = "mailprobe_drift"
	Capabilities = "mailprobe_capability_info"
	Mechanisms   = "mailprobe_mechanism_info"
	LeftOut      = "mailprobe_series_left_out"
)

// What 'mailprobe serve' says of itself.
const (
	ReloadSuccessful = "mailprobe_config_last_reload_successful"
	ReloadTimestamp  = "mailprobe_config_last_reload_success_timestamp_seconds"
	Targets          = "mailprobe_targets"
	Scrapes          = "mailprobe_scrapes_total"
	Runs             = "mailprobe_runs_total"
	Running          = "mailprobe_runs_in_flight"
	RunLimit         = "mailprobe_runs_limit"
)

// help says what each metric means.
var help = map[string]string{
	ProbeSuccess:    "Whether everything of the target is as it should be: 1, or 0.",
	ProbeDuration:   "How long the run of the target took.",
	ProbeDNS:        "How long the slowest look-up of a host took.",
	ProbeIP:         "The version of IP by which all servers of the target were reached: 4 or 6.",
	ProbeCertExpiry: "When the first certificate of any chain ends.",
	ProbeTLSVersion: "The version of TLS that was agreed on; the value is 1.",

	BuildInfo:       "The version of mailprobe; the value is 1.",
	TargetSuccess:   "Whether everything of the target works: 1, or 0.",
	TargetUnknown:   "Whether the target could not be judged from here: 1, or 0.",
	CaseOutcome:     "What a suite makes of the target; the value is 1.",
	CaseSuccess:     "Whether all counts as expected: 1, or 0.",
	TargetTimestamp: "When the run of the target started.",
	TargetDuration:  "How long the run of the target took.",
	TargetFinding:   "What was found about the run as a whole; the value is 1.",
	Success:         "Whether the setting works: 1, or 0.",
	Unknown:         "Whether it could not be judged from here: 1, or 0.",
	Finding:         "What was found; the value is 1.",
	Duration:        "How long the test of the setting took.",
	PhaseDuration:   "How long a phase of the test took.",
	SignIn:          "What became of signing in; the value is 1.",
	TLSInfo:         "The version of TLS that was agreed on; the value is 1.",
	CertExpiry:      "When the server's own certificate ends.",

	Phases:       "How long phases of the runs since the start took, of all settings of the target.",
	HeldBack:     "Whether signing in is held back because a secret was, or may have been, rejected: 1, or 0.",
	Waits:        "Whether the target waits for its turn to sign in to an account that others share: 1, or 0.",
	DaysLeft:     "Days until the first certificate of any chain ends.",
	Drift:        "How many things changed since the baseline.",
	Capabilities: "The known capabilities that every server of a protocol announces; the value is 1.",
	Mechanisms:   "The known ways to sign in that every server of a protocol announces; the value is 1.",
	LeftOut:      "How many series of the target were left out, because there would be too many.",

	ReloadSuccessful: "Whether the last reading of the configuration succeeded: 1, or 0.",
	ReloadTimestamp:  "When the configuration was last read with success.",
	Targets:          "How many targets the configuration names.",
	Scrapes:          "How many scrapes of targets were answered, by what they were answered with.",
	Runs:             "How many runs ended, by what they count as.",
	Running:          "How many runs are going on.",
	RunLimit:         "How many runs may go on at once.",
}

// Help says what a metric means; empty: there is none of that name.
func Help(name string) string { return help[name] }
