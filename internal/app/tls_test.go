package app

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
)

// Where a server listens follows from who encrypts, unless it is said.
func TestWhereAServerListens(t *testing.T) {
	for _, c := range []struct {
		tls, listen, http string
		main, plain       string
	}{
		{"off", "", "", "127.0.0.1:8080", ""},
		{"", ":9000", "", ":9000", ""},
		{"auto", "", "", ":443", ":80"},
		{"auto", ":8443", "", ":8443", ":80"},
		{"auto", "", "off", ":443", ""},
		{"auto", ":8443", ":8080", ":8443", ":8080"},
		{"a.pem,b.key", "", "", ":443", ":80"},
		{"a.pem,b.key", "10.0.0.1:8443", "", "10.0.0.1:8443", ""}, // behind another door
		{"a.pem,b.key", "10.0.0.1:8443", ":8080", "10.0.0.1:8443", ":8080"},
	} {
		s := Settings{TLS: c.tls, Listen: c.listen, ListenHTTP: c.http}
		if s.Address() != c.main || s.plainAddress() != c.plain {
			t.Errorf("%+v: %q and %q", c, s.Address(), s.plainAddress())
		}
	}
}

// That a port cannot be had is said with what to do, by the setting that names it.
func TestListenErrors(t *testing.T) {
	as := func(e syscall.Errno) error { return &net.OpError{Op: "listen", Err: os.NewSyscallError("bind", e)} }
	for _, c := range []struct {
		tls  string
		err  error
		want string
	}{
		{"auto", as(syscall.EACCES), "AmbientCapabilities=CAP_NET_BIND_SERVICE"},
		{"off", as(syscall.EACCES), "with the proxy before it"},
		{"auto", as(syscall.EADDRINUSE), "another address in PARLEY_LISTEN_HTTP"},
		{"auto", as(syscall.EADDRNOTAVAIL), "is no address of this machine"},
		{"auto", errors.New("something else"), "listen: something else"},
	} {
		s := Settings{TLS: c.tls}
		text := fmt.Sprint(s.listenError("PARLEY_LISTEN_HTTP", ":80", c.err))
		if !strings.Contains(text, c.want) || strings.Contains(text, "\n") {
			t.Errorf("%v: %s", c.err, text)
		}
	}
}
