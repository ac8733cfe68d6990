package main

import (
	"crypto/x509"
	"os"
	"os/exec"
	"testing"
)

// A machine without certificates, as an empty container is, still knows whom to trust.
func TestThereAreRootsWithoutTheSystems(t *testing.T) {
	if os.Getenv("PARLEY_TEST_ROOTS") == "" {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestThereAreRootsWithoutTheSystems$")
		cmd.Env = append(os.Environ(), "PARLEY_TEST_ROOTS=1", "SSL_CERT_FILE=/nonexistent", "SSL_CERT_DIR=/nonexistent")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	pool, err := x509.SystemCertPool()
	if err != nil || pool.Equal(x509.NewCertPool()) {
		t.Errorf("there are no roots: %v", err)
	}
}
