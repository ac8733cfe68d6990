package transfer

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// A bundle comes back as what went in, packed or not; another tar is refused.
func TestABundleComesBack(t *testing.T) {
	var plain, b bytes.Buffer
	at := time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)
	w, err := NewWriter(&plain, "news", at)
	if err != nil {
		t.Fatal(err)
	}
	hand(t, w)
	bw, err := NewBundleWriter(&b, "news", at, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	hand(t, bw)
	want, err := readAs(Parley, plain.String())
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(b.Bytes()); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	for _, cut := range []int{packed.Len() - 1, packed.Len() - 9} {
		if _, err := readAs(Parley, packed.String()[:cut]); !errors.As(err, new(*ErrFile)) {
			t.Errorf("a packed tar cut at %d: %v", cut, err)
		}
	}
	for name, file := range map[string]string{"a tar": b.String(), "a packed tar": packed.String()} {
		if got, err := readAs(Parley, file); err != nil || told(got) != told(want) {
			t.Errorf("%s comes back as %v\n%s", name, err, told(got))
		}
	}
	if _, err := readAs(Parley, b.String()[:b.Len()/2]); !errors.As(err, new(*ErrFile)) {
		t.Errorf("half a tar: %v", err)
	}
	var other bytes.Buffer
	tw := tar.NewWriter(&other)
	if err := errors.Join(tw.WriteHeader(&tar.Header{Name: "comments.jsonl", Size: 2, Mode: 0o600}), func() error { _, err := io.Copy(tw, strings.NewReader("{}")); return err }(), tw.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := readAs(Parley, other.String()); err == nil || !strings.Contains(err.Error(), "no export of Parley's") {
		t.Errorf("a tar of nothing of ours: %v", err)
	}
}
