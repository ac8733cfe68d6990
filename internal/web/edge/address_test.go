package edge

import "testing"

func TestHopsAsProxiesWriteThem(t *testing.T) {
	for in, want := range map[string]string{
		"198.51.100.7": "198.51.100.7", " 198.51.100.7:5000 ": "198.51.100.7", `"198.51.100.7"`: "198.51.100.7", `"[2001:db8::7]:443"`: "2001:db8::7",
		"[2001:db8::7]": "2001:db8::7", "2001:db8::7": "2001:db8::7", "[2001:db8::7]:443": "2001:db8::7", "::ffff:198.51.100.7": "198.51.100.7",
		"fe80::1%eth0": "fe80::1", "[fe80::1%eth0]:80": "fe80::1", "unknown": "", "_hidden": "", "198.51.100.7:x": "", "198.51.100.256": "",
	} {
		got, ok := parseHop(in)
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("%q: %v, %v, want %q", in, got, ok, want)
		}
	}
}
