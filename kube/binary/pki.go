package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// A client of the API server: its kubeconfig is NAME.kubeconfig, its certificate says who it is.
type client struct{ name, user, group string }

var clients = []client{
	{"admin", "drey-admin", "system:masters"},
	{"kube-controller-manager", "system:kube-controller-manager", ""},
	{"kube-scheduler", "system:kube-scheduler", ""},
	{"kube-proxy", "system:kube-proxy", ""},
	{"coredns", "system:coredns", ""},
	{"volumes", "drey-volumes", ""},
}

type authority struct {
	dir         string
	certificate *x509.Certificate
	key         crypto.Signer
	pem         []byte
}

// writePKI makes an authority, the certificates of the servers, a kubeconfig per client and the key pair that signs
// service account tokens. Operands: directory, address of the API server, name of the node ("-": no node), then the
// names and addresses under which the servers are reached.
func writePKI(operands []string) error {
	if len(operands) < 4 {
		return errors.New("usage: pki DIRECTORY API-SERVER-URL NODE-NAME HOST...")
	}
	dir, server, node, hosts := operands[0], operands[1], operands[2], operands[3:]
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	ca, err := newAuthority(dir)
	if err != nil {
		return err
	}
	if _, _, err := ca.issue("kube-apiserver", "kube-apiserver", "", hosts); err != nil {
		return err
	}
	known := clients
	if node != "-" {
		if _, _, err := ca.issue("apiserver-kubelet-client", "kube-apiserver-kubelet-client", "system:masters", nil); err != nil {
			return err
		}
		known = append(known, client{"kubelet", "system:node:" + node, "system:nodes"})
	}
	for _, each := range known {
		var names []string
		if each.name == "kubelet" { // Its certificate is that of its server too.
			names = append([]string{node}, hosts...)
		}
		certificate, key, err := ca.issue(each.name, each.user, each.group, names)
		if err != nil {
			return err
		}
		text := fmt.Sprintf(kubeconfig, base64.StdEncoding.EncodeToString(ca.pem), server,
			base64.StdEncoding.EncodeToString(certificate), base64.StdEncoding.EncodeToString(key))
		if err := os.WriteFile(filepath.Join(dir, each.name+".kubeconfig"), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return writeTokenKeys(dir)
}

const kubeconfig = `apiVersion: v1
kind: Config
clusters:
- name: drey-kube
  cluster:
    certificate-authority-data: %s
    server: %s
users:
- name: drey-kube
  user:
    client-certificate-data: %s
    client-key-data: %s
contexts:
- name: drey-kube
  context: {cluster: drey-kube, user: drey-kube}
current-context: drey-kube
`

func newAuthority(dir string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "drey-kube"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().AddDate(10, 0, 0),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	text, _, err := write(dir, "ca", der, key)
	return &authority{dir, certificate, key, text}, err
}

func (ca *authority) issue(file, user, group string, hosts []string) (certificate, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: user},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().AddDate(10, 0, 0),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	if group != "" {
		template.Subject.Organization = []string{group}
	}
	for _, host := range hosts {
		if address := net.ParseIP(host); address != nil {
			template.IPAddresses = append(template.IPAddresses, address)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca.certificate, private.Public(), ca.key)
	if err != nil {
		return nil, nil, err
	}
	return write(ca.dir, file, der, private)
}

func write(dir, file string, der []byte, key *ecdsa.PrivateKey) (certificatePEM, keyPEM []byte, err error) {
	// Not every client of a kubeconfig reads PKCS #8 keys of this kind: SEC 1 is what kubeadm and client-go write.
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	certificatePEM = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM = pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER})
	if err := os.WriteFile(filepath.Join(dir, file+".key"), keyPEM, 0o600); err != nil {
		return nil, nil, err
	}
	return certificatePEM, keyPEM, os.WriteFile(filepath.Join(dir, file+".crt"), certificatePEM, 0o644)
}

func writeTokenKeys(dir string) error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	if err := os.WriteFile(filepath.Join(dir, "service-accounts.key"), text, 0o600); err != nil {
		return err
	}
	text = pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	return os.WriteFile(filepath.Join(dir, "service-accounts.pub"), text, 0o644)
}
