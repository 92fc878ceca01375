#!/bin/sh
# Makes the certificates of this folder anew, with OpenSSL 3. Go's crypto/x509 refuses to sign most of them, so they are
# kept. Each file holds a key and the leaf; root.pem is the authority that is trusted.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work/index"
printf 'unique_subject = no\n' > "$work/index.attr"
cat > "$work/conf" <<CONF
[ca]
default_ca = this
[this]
database = $work/index
new_certs_dir = $work
rand_serial = yes
policy = any
x509_extensions = none
[any]
commonName = supplied
[none]
CONF

# new NAME COMMON-NAME KEY-OPTIONS...: a key and a request.
new() {
  name=$1 cn=$2
  shift 2
  openssl genpkey -quiet "$@" -out "$work/$name.key"
  openssl req -new -key "$work/$name.key" -subj "/CN=$cn" -out "$work/$name.csr" -config /dev/null
}

# sign NAME ISSUER DIGEST EXTENSION...: the certificate; the issuer "self" is its own key.
sign() {
  name=$1 issuer=$2 digest=$3
  shift 3
  printf '%s\n' "$@" > "$work/ext"
  by="-cert $work/$issuer.crt -keyfile $work/$issuer.key"
  [ "$issuer" != self ] || by="-selfsign -keyfile $work/$name.key"
  # shellcheck disable=SC2086
  openssl ca -batch -notext -config "$work/conf" $by -md "$digest" -startdate 20260901000000Z -enddate "${end:-20270301000000Z}" \
    -extfile "$work/ext" -in "$work/$name.csr" -out "$work/$name.crt" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
}

# leaf NAME DIGEST EXTENSION...: a file with a key, of RSA where none was made, and the leaf.
leaf() {
  name=$1
  shift
  [ -e "$work/$name.csr" ] || new "$name" imap.example.net -algorithm RSA -pkeyopt rsa_keygen_bits:2048
  sign "$name" root "$@"
  cat "$work/$name.key" "$work/$name.crt" > "$name.pem"
}

ca='basicConstraints=critical,CA:TRUE'
host='subjectAltName=DNS:imap.example.net'
new root 'Test Root' -algorithm RSA -pkeyopt rsa_keygen_bits:2048
end=20460901000000Z sign root self sha256 "$ca" 'keyUsage=critical,keyCertSign'
cp "$work/root.crt" root.pem

leaf good sha256 "$host"
leaf md5 md5 "$host"
leaf sha1 sha1 "$host"

new rsa1024 imap.example.net -algorithm RSA -pkeyopt rsa_keygen_bits:1024
leaf rsa1024 sha256 "$host"

leaf one-label sha256 'subjectAltName=DNS:*.net'
leaf number-as-name sha256 'subjectAltName=DNS:192.0.2.1'
leaf version-1 sha256
end=99991231235959Z leaf unending sha256 "$host"

# What crypto/tls of Go takes no key of, or crypto/x509 cannot read. They are shown to other programs today, so they
# end later.
end=20460101000000Z
use='extendedKeyUsage=serverAuth'
new rsa-pss imap.example.net -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048
leaf rsa-pss sha256 "$host" "$use"
new ed448 imap.example.net -algorithm ED448
leaf ed448 sha256 "$host" "$use"
leaf raw-name sha256 'subjectAltName=DER:30:1f:82:10:69:6d:61:70:2e:65:78:61:6d:70:6c:65:2e:6e:65:74:82:0b:6d:c3:bc:6c:6c:2e:65:78:61:6d:70' "$use"
new negative-serial imap.example.net -algorithm RSA -pkeyopt rsa_keygen_bits:2048
printf '%s\n' "$host" "$use" > "$work/ext"
openssl x509 -req -in "$work/negative-serial.csr" -CA root.pem -CAkey "$work/root.key" -set_serial -7 -days 7000 -sha256 \
  -extfile "$work/ext" -out "$work/negative-serial.crt" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
cat "$work/negative-serial.key" "$work/negative-serial.crt" > negative-serial.pem
