package oauth

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/secret"
)

// A Flow is a way to sign in.
type Flow string

const (
	DeviceCode Flow = "device-code" // RFC 8628
	Browser    Flow = "browser"     // RFC 8252, RFC 7636
	AppOnly    Flow = "app-only"    // RFC 6749 §4.4
)

// A Key names one stored sign-in.
type Key struct {
	Provider string // settings.Provider.ID
	ClientID string
	User     string
}

// name returns a file name for k that tells nobody who it belongs to.
func (k Key) name() string {
	quoted, _ := json.Marshal([]string{k.Provider, k.ClientID, strings.ToLower(k.User)})
	sum := sha256.Sum256(quoted)
	return hex.EncodeToString(sum[:])
}

// same reports whether two keys name one sign-in. Another spelling of an
// address is the same account (Me@example.com).
func (k Key) same(other Key) bool {
	return k.Provider == other.Provider && k.ClientID == other.ClientID && strings.EqualFold(k.User, other.User)
}

// A Record is one stored sign-in. Its tokens are unexported: marshalling a
// Record shows none.
type Record struct {
	Key
	Flow     Flow
	Tenant   string
	TokenURL string    // where the tokens came from; never where a refresh goes
	Scopes   []string  // granted; empty: the provider did not say
	Places             // where the client's own secrets were read from
	Account  string    // who signed in, as the provider says; empty: it does not say
	Expiry   time.Time // of the access token; zero: the provider did not say
	Saved    time.Time

	access, refresh auth.Secret
}

// Places are where a client's secrets lie, so that renewals find them. File
// names are absolute. Any may be empty.
type Places struct {
	SecretFile, SecretCommand string
	CertificateFile, KeyFile  string

	FederatedFile, FederatedCommand string // of the workload's identity token
	FederatedGitHub                 bool   // it is that of a GitHub workflow
	ServiceAccountFile              string
}

// Federated reports whether a workload's identity token stands in for a secret.
func (p Places) Federated() bool {
	return p.FederatedFile != "" || p.FederatedCommand != "" || p.FederatedGitHub
}

// Renewable reports whether the sign-in outlives its access token.
func (r *Record) Renewable() bool { return r.Flow == AppOnly || !r.refresh.Empty() }

// stored is a Record with its tokens, as a Store keeps it.
type stored struct {
	Version      int       `json:"version"`
	Provider     string    `json:"provider"`
	ClientID     string    `json:"client_id"`
	User         string    `json:"user"`
	Flow         Flow      `json:"flow"`
	Tenant       string    `json:"tenant,omitempty"`
	TokenURL     string    `json:"token_url"`
	Scopes       []string  `json:"scopes,omitempty"`
	SecretFile   string    `json:"client_secret_file,omitempty"`
	Command      string    `json:"client_secret_command,omitempty"`
	Certificate  string    `json:"certificate_file,omitempty"`
	KeyFile      string    `json:"key_file,omitempty"`
	Federated    string    `json:"federated_token_file,omitempty"`
	FederatedBy  string    `json:"federated_token_command,omitempty"`
	GitHub       bool      `json:"federated_github,omitempty"`
	Service      string    `json:"service_account_file,omitempty"`
	Account      string    `json:"account,omitempty"`
	Expiry       time.Time `json:"expiry,omitzero"`
	Saved        time.Time `json:"saved"`
	AccessToken  string    `json:"access_token,omitempty"`
	RefreshToken string    `json:"refresh_token,omitempty"`
}

const recordVersion = 1

var errRecord = errors.New("it holds no sign-in")

// encode returns r with its tokens, for a Store and nobody else.
func encode(r *Record) ([]byte, error) {
	return json.Marshal(stored{
		Version: recordVersion, Provider: r.Provider, ClientID: r.ClientID, User: r.User,
		Flow: r.Flow, Tenant: r.Tenant, TokenURL: r.TokenURL, Scopes: r.Scopes,
		SecretFile: r.SecretFile, Command: r.SecretCommand, Certificate: r.CertificateFile, KeyFile: r.KeyFile,
		Federated: r.FederatedFile, FederatedBy: r.FederatedCommand, GitHub: r.FederatedGitHub, Service: r.ServiceAccountFile,
		Account: r.Account, Expiry: r.Expiry, Saved: r.Saved,
		AccessToken: secret.Reveal(r.access), RefreshToken: secret.Reveal(r.refresh),
	})
}

// decode reads what encode wrote. Its error never quotes the data.
func decode(data []byte) (*Record, error) {
	var s stored
	if json.Unmarshal(data, &s) != nil || s.Version != recordVersion {
		return nil, errRecord
	}
	return &Record{
		Key:  Key{Provider: s.Provider, ClientID: s.ClientID, User: s.User},
		Flow: s.Flow, Tenant: s.Tenant, TokenURL: s.TokenURL, Scopes: s.Scopes,
		Places:  Places{s.SecretFile, s.Command, s.Certificate, s.KeyFile, s.Federated, s.FederatedBy, s.GitHub, s.Service},
		Account: s.Account, Expiry: s.Expiry, Saved: s.Saved,
		access: auth.NewSecret(s.AccessToken), refresh: auth.NewSecret(s.RefreshToken),
	}, nil
}

// decodeFor reads a record and holds it against the key that it was stored
// under, so that one account's tokens do not serve another.
func decodeFor(k Key, data []byte) (*Record, error) {
	r, err := decode(data)
	if err != nil {
		return nil, err
	}
	if !r.Key.same(k) {
		return nil, errRecord
	}
	return r, nil
}
