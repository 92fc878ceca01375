package diagnose

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mailprobe/internal/finding"
)

// deviations are all places where a rule says what a finding weighs or who
// must act, and why the page of the code does not say it.
var deviations = map[string]struct{ states, why string }{
	"weighed":          {`blame cmp.Or(f.Blame, page.Blame), blame finding.Provider, severity cmp.Or(f.Severity, page.Severity), severity finding.Error`, "takes the page's, and is strict where there is none"},
	"refusedSignIn":    {`blame m.Blame, severity finding.Warning, severity m.Severity`, "the row knows the words; a temporary reply never becomes an error"},
	"accessFindings":   {`blame ""`, "forgets what the former code weighed"},
	"refusedAccess":    {`blame cmp.Or(m.Blame, finding.Provider), blame finding.Provider, severity finding.Error, severity finding.Warning`, "the row knows the words; what is not temporary keeps the user out; what was asked was by the book"},
	"withoutEffect":    {`blame finding.Provider`, "the page blames a sign-in that is missing; there was one"},
	"notAtHome":        {`severity finding.Warning`, "the page is about mail to others; from here no more is known than that the account gets none"},
	"turnedAway":       {`severity finding.Warning`, "a refusal for now says nothing about the settings"},
	"refineTurnedAway": {`blame m.Blame, severity m.Severity`, "the row knows the words"},

	"fellSilent proto.silent":        {`blame finding.Tool`, "the limit was this program's own"},
	"fellSilent":                     {`blame finding.Provider, severity finding.Error`, "it had all the time that the standard gives"},
	"slowAnswer access.no_answer":    {`blame finding.Tool`, "the limit was this program's own"},
	"tooBrief net.timeout":           {`blame finding.Tool`, "the limit was this program's own"},
	"cutShort":                       {`blame finding.Tool, severity finding.Warning`, "only the library of this program says so"},
	"cutShort tls.handshake_timeout": {`blame finding.Tool`, "the limit was this program's own"},
	"slow":                           {`blame finding.LocalNetwork`, "it is that network's DNS server that was slow"},

	"wantsID access.id_required": {`blame finding.Provider, severity finding.Warning`, "the mailbox was opened in the end; the page is about programs that stay outside"},
	"unsent":                     {`severity finding.Warning`, "a temporary refusal may pass, and after an end without a word nothing is known"},
	"noMechanism":                {`blame finding.Provider, blame finding.Tool, severity finding.Warning`, "the user chose nothing that could be wrong; or it is this program that cannot"},
	"oauthOnly auth.oauth_only":  {`severity finding.Info`, "nobody signed in: it is a fact"},
	"oauthOnly":                  {`severity finding.Info`, "nobody signed in: it is a fact"},
	"noUIDL":                     {`severity finding.Info`, "nobody signed in, and some announce it only after that"},
	"upcomingFindings":           {`severity finding.Warning`, "the nearer the day, the more it weighs"},
	"lifetimeFindings":           {`severity finding.Warning`, "the nearer the day, the more it weighs"},
	"emptyOffer":                 {`severity finding.Warning`, "a command takes passwords all the same"},
	"Token":                      {`severity finding.Warning`, "a token need not serve all protocols"},
	"asTaken":                    {`severity finding.Info, severity finding.Warning`, "the server accepts the token and knows better, or has not refused it"},
	"userFormFindings":           {`blame finding.Catalogue, severity finding.Error, severity finding.Info`, "a second sign-in has proved what the page calls possible, or disproved it"},

	"certFinding":                       {`blame w.blame, severity finding.Error, severity rule.mild`, "a verifying client refuses; otherwise as the rule says"},
	"certRules cert.chain_cert_expired": {`severity finding.Warning`, "another way to a root is found"},
	"certRules cert.intercepted":        {`severity finding.Warning`, "this computer trusts the product"},
	"sayNameMismatch":                   {`blame finding.Provider`, "nothing shows that the setting is wrong"},
	"sayIntercepted":                    {`blame finding.LocalNetwork`, "the product stands in the network"},
	"sayUnknownCA":                      {`blame finding.LocalMachine`, "the public trusts the authority, the file given does not"},

	"outOfReach net.unreachable": {`severity finding.Info`, "another address works"},
	"differentOffers":            {`severity finding.Info`, "the sign-in works alike at both"},
	"differentTLS":               {`severity finding.Info`, "both versions are good enough"},
	"differentCertificates":      {`severity finding.Error`, "a mail program that meets this address refuses"},
	"differentCertificates cert.inconsistent_across_addresses": {`severity finding.Info`, "all are accepted"},

	"answered oauth.unreachable":         {`blame finding.Provider`, "the service was reached and speaks of a fault of its own"},
	"contradicts":                        {`severity finding.Warning`, "the browser serves all the same"},
	"grants":                             {`severity finding.Error`, "no other way is left for a user"},
	"blame":                              {`blame finding.LocalMachine, severity finding.Warning`, "the clock is wrong, so the certificate is not judged"},
	"offlineFinding":                     {`blame finding.LocalMachine`, "no connection left this computer"},
	"shortened":                          {`blame x.Blame, severity cmp.Or(x.stays, finding.Warning)`, "the run names the cause"},
	"deadDNS":                            {`blame finding.LocalNetwork, severity finding.Warning`, "the server fails for every name, not for this one's"},
	"explainName":                        {`blame finding.LocalNetwork, blame finding.Provider, severity finding.Warning`, "the server knows other names; one that the catalogue has is more likely left out here than gone"},
	"strangersName":                      {`blame finding.LocalNetwork`, "the server is another provider's: the setting and the server are sound"},
	"undecided":                          {`blame finding.LocalNetwork, severity finding.Warning`, "another provider fails alike, a third does not: nothing is proved"},
	"all":                                {`blame found[0].Blame, severity found[0].Severity`, "what is said of each is said of all"},
	"familyFinding":                      {`blame finding.LocalNetwork`, "a comparison has cleared the provider"},
	"interceptor":                        {`blame finding.LocalNetwork, severity finding.Error`, "whose program it is is not known; every mail program refuses"},
	"whoSigns":                           {`blame finding.LocalNetwork`, "whose program it is is not known"},
	"sayInside":                          {`blame finding.LocalMachine, blame finding.LocalNetwork`, "the address is this computer's or this network's own"},
	"hostRefuses":                        {`blame finding.Provider`, "a comparison has cleared the network"},
	"explainBarred":                      {`blame finding.Provider`, "other servers are reached"},
	"explainCut":                         {`blame "", blame finding.Provider, severity ""`, "a comparison has cleared the network, or convicts it by another code"},
	"explainNoVerdict":                   {`blame "", blame whoEnds(own, other), severity ""`, "forgets what the former code weighed; what is begun without a credential tells more, or nothing does"},
	"seenHere":                           {`blame finding.Provider, blame finding.Unknown`, "this program followed what the row wants of a mail program"},
	"cutInSignIn":                        {`blame finding.Unknown`, "who ended the connection does not show"},
	"translatorSilent":                   {`blame finding.LocalNetwork, severity finding.Warning`, "only the way past the translator is cleared"},
	"unjudged":                           {`blame finding.Tool`, "the limit was this program's own"},
	"blindDNS dns.nxdomain":              {`blame finding.LocalNetwork, severity finding.Warning`, "the server knows no name of the catalogue"},
	"explainOdd":                         {`blame "", severity ""`, "forgets what the former code weighed"},
	"noFamily":                           {`blame "", blame finding.LocalNetwork, severity ""`, "forgets what the former code weighed; the network has no way over this kind of address"},
	"familyMissing net.address_untested": {`blame finding.LocalNetwork`, "no address of the family can be called at all"},
	"datesInOrder":                       {`blame finding.Provider`, "other certificates are valid by the same clock"},
	"explainStripped starttls.stripped_suspected": {`blame "", severity finding.Warning`, "nothing is known of the server"},
	"ehloRefused":                        {`blame finding.LocalMachine`, "the server knows the command and refuses the name"},
	"anotherName":                        {`blame finding.Account`, "the user alone wrote the name"},
	"anotherPort":                        {`blame finding.Account`, "the user alone wrote the port"},
	"hostDown":                           {`blame finding.Provider, severity finding.Error`, "a comparison has cleared the network"},
	"notServed":                          {`blame finding.Catalogue, severity finding.Error`, "a comparison has cleared the network and the host"},
	"blocked net.port_blocked_suspected": {`blame "", severity ""`, "forgets what the former code weighed"},
}

// TestDeviations: a rule that states a severity or a blame stands in the
// table above, and never states what the page of its code says already.
func TestDeviations(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	stated := map[string][]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			for _, w := range weightsIn(d) {
				place := strings.TrimSpace(w.where + " " + w.code)
				stated[place] = append(stated[place], w.field+" "+w.value)
				if page, ok := finding.PageOf(w.code); ok && (w.value == weightName(page.Severity) || w.value == weightName(page.Blame)) {
					t.Errorf("%s: %s %s is what the page says", place, w.field, w.value)
				}
			}
		}
	}
	for place, weights := range stated {
		slices.Sort(weights)
		if got, want := strings.Join(slices.Compact(weights), ", "), deviations[place].states; got != want || deviations[place].why == "" {
			t.Errorf("%s\ngot  %s\nwant %s, and why", place, got, want)
		}
	}
	for place := range deviations {
		if stated[place] == nil {
			t.Errorf("%s\ngot  no deviation\nwant one", place)
		}
	}
}

// weightName is a severity or a blame as Go code writes it.
func weightName[T ~string](w T) string {
	title := ""
	for _, part := range strings.Split(string(w), "-") {
		title += strings.ToUpper(part[:min(1, len(part))]) + part[min(1, len(part)):]
	}
	return "finding." + title
}

// A weight is one statement of a severity or a blame.
type weight struct{ where, code, field, value string }

// weightsIn lists what a declaration states, with the code of the finding
// where that stands beside it.
func weightsIn(d ast.Decl) []weight {
	var all []weight
	where := ""
	add := func(names, values []ast.Expr) {
		code := ""
		for i, n := range names {
			if lit, ok := values[i].(*ast.BasicLit); ok && nameOf(n) == "Code" {
				code, _ = strconv.Unquote(lit.Value)
			}
		}
		for i, n := range names {
			if slices.Contains([]string{"Severity", "Blame", "blame"}, nameOf(n)) {
				all = append(all, weight{where, code, strings.ToLower(nameOf(n)), types.ExprString(values[i])})
			}
		}
	}
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			where = n.Name.Name
		case *ast.AssignStmt:
			if len(n.Lhs) == len(n.Rhs) {
				add(n.Lhs, n.Rhs)
			}
		case *ast.CompositeLit:
			var names, values []ast.Expr
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					names, values = append(names, kv.Key), append(values, kv.Value)
				}
			}
			add(names, values)
			if rule := certRuleOf(n); rule != nil {
				all = append(all, *rule)
			}
		}
		return true
	})
	return all
}

// certRuleOf returns what a row of certRules states of causes for which no
// client refuses; nil: nothing.
func certRuleOf(n *ast.CompositeLit) *weight {
	if n.Type != nil || len(n.Elts) != 4 {
		return nil
	}
	code, ok := n.Elts[0].(*ast.BasicLit)
	if _, empty := n.Elts[1].(*ast.BasicLit); !ok || empty {
		return nil
	}
	name, _ := strconv.Unquote(code.Value)
	return &weight{"certRules", name, "severity", types.ExprString(n.Elts[1])}
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}
