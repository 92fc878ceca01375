package catalog

import (
	"go.yaml.in/yaml/v3"

	"mailprobe/internal/settings"
	"mailprobe/internal/yamlfile"
)

// A document is one provider's file as it is written. The keys are the only
// ones allowed.
type document struct {
	ID         string            `yaml:"id"`
	Name       string            `yaml:"name"`
	Aliases    []string          `yaml:"aliases"`
	Domains    []string          `yaml:"domains"`
	NotDomains []string          `yaml:"not_domains"`
	MX         []string          `yaml:"mx"`
	Greetings  []string          `yaml:"greetings"`
	IMAPID     bool              `yaml:"imap_id"`
	Compare    bool              `yaml:"compare"`
	Region     *region           `yaml:"region"`
	Bridge     *bridge           `yaml:"bridge"`
	Sources    map[string]source `yaml:"sources"`

	Username  string     `yaml:"username"` // of every endpoint that names none
	SignIn    []signIn   `yaml:"sign_in"`  // of every endpoint that names none
	Endpoints []endpoint `yaml:"endpoints"`

	NotOffered []notOffered `yaml:"not_offered"`
	OAuth      *oauth       `yaml:"oauth"`
	Enable     []enable     `yaml:"enable"`
	Advice     []advice     `yaml:"advice"`
	Notes      []note       `yaml:"notes"`
	Help       []string     `yaml:"help"` // keys of sources
}

// keys are those of one source or of several.
type keys []string

// UnmarshalYAML reads one word or a list.
func (k *keys) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode && node.Value != "" {
		*k = keys{node.Value}
		return nil
	}
	return node.Decode((*[]string)(k))
}

type region struct {
	Name   string   `yaml:"name"`
	Tell   string   `yaml:"tell"`
	Shares string   `yaml:"shares"`
	Others []string `yaml:"others"`
	Source string   `yaml:"source"`
}

type bridge struct {
	Name   string `yaml:"name"`
	Text   string `yaml:"text"`
	Source string `yaml:"source"`
}

type enable struct {
	Protocols []string `yaml:"protocols"`
	Text      string   `yaml:"text"`
	HelpURL   string   `yaml:"help_url"`
	Source    string   `yaml:"source"`
}

type dispute struct {
	Note   string `yaml:"note"`
	Source string `yaml:"source"`
}

type source struct {
	Kind      string `yaml:"kind"`
	Title     string `yaml:"title"`
	Publisher string `yaml:"publisher"`
	URL       string `yaml:"url"`
	Read      string `yaml:"read"`
}

type signIn struct {
	Way    string `yaml:"way"`
	Status string `yaml:"status"`
	Note   string `yaml:"note"`
	Form   *form  `yaml:"form"`
	Source string `yaml:"source"`
}

type form struct {
	Pattern string `yaml:"pattern"`
	Looks   string `yaml:"looks"`
	Source  string `yaml:"source"`
}

type endpoint struct {
	Protocol string   `yaml:"protocol"`
	Host     string   `yaml:"host"`
	Port     uint16   `yaml:"port"`
	Security string   `yaml:"security"`
	Role     string   `yaml:"role"`
	Username string   `yaml:"username"`
	SignIn   []signIn `yaml:"sign_in"`
	When     string   `yaml:"when"`
	Source   keys     `yaml:"source"` // the first is shown, unless a later one is the provider's own
	Disputed *dispute `yaml:"disputed"`
	Note     string   `yaml:"note"`
}

type notOffered struct {
	Protocol string `yaml:"protocol"`
	Note     string `yaml:"note"`
	Source   string `yaml:"source"`
}

type oauth struct {
	Issuer       string              `yaml:"issuer"`
	AuthURL      string              `yaml:"auth_url"`
	TokenURL     string              `yaml:"token_url"`
	DeviceURL    string              `yaml:"device_url"`
	Scopes       map[string][]string `yaml:"scopes"`
	ExtraScopes  []string            `yaml:"extra_scopes"`
	AuthParams   map[string]string   `yaml:"auth_params"`
	RedirectHost string              `yaml:"redirect_host"`
	Mechanism    string              `yaml:"mechanism"`
	Audiences    []string            `yaml:"audiences"`
	AppScope     string              `yaml:"app_scope"`
	AppGrant     string              `yaml:"app_grant"`
	AppRoles     map[string]string   `yaml:"app_roles"`
	Workload     *workload           `yaml:"workload"`
	Register     *registration       `yaml:"register"`
	Source       string              `yaml:"source"`
}

// A workload says how a workload's identity token is taken in place of a
// secret.
type workload struct {
	Audience    string `yaml:"audience"`
	ExchangeURL string `yaml:"exchange_url"`
	SignURL     string `yaml:"sign_url"`
	Source      string `yaml:"source"`
}

type registration struct {
	Closed   string   `yaml:"closed"`
	Steps    []string `yaml:"steps"`
	Redirect string   `yaml:"redirect"`
	Needs    []string `yaml:"needs"`
	URL      string   `yaml:"url"`
	Source   string   `yaml:"source"`
}

type advice struct {
	Codes     []string `yaml:"codes"`
	Protocols []string `yaml:"protocols"`
	Text      string   `yaml:"text"`
	HelpURL   string   `yaml:"help_url"`
	From      string   `yaml:"from"`
	Until     string   `yaml:"until"`
	Mild      bool     `yaml:"mild"`
	Source    string   `yaml:"source"`
}

type note struct {
	Text   string `yaml:"text"`
	Source string `yaml:"source"`
}

// parse reads one provider's file strictly: an unknown key, a wrong type, a
// missing field or a value that cannot be is an error that names the file and
// the line. All errors of a file are reported at once.
func parse(name string, data []byte) (*settings.Provider, error) {
	var doc document
	if err := yamlfile.Decode(name, data, &doc); err != nil {
		return nil, err
	}
	if err := yamlfile.Locate(name, data, doc.check()...); err != nil {
		return nil, err
	}
	return doc.settings(), nil
}
