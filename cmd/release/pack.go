package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io/fs"
	"time"
)

// file is one that is packed.
type file struct {
	name string
	body []byte
	mode fs.FileMode
}

// pack puts files into one folder of an archive, of nobody's and of one time.
func pack(t target, folder string, files []file, at time.Time) (packed []byte, ending string, err error) {
	var out bytes.Buffer
	if t.os == "windows" {
		z := zip.NewWriter(&out)
		for _, f := range files {
			h := &zip.FileHeader{Name: folder + "/" + f.name, Method: zip.Deflate, Modified: at}
			h.SetMode(f.mode)
			w, err := z.CreateHeader(h)
			if err != nil {
				return nil, "", err
			}
			if _, err := w.Write(f.body); err != nil {
				return nil, "", err
			}
		}
		return finish(&out, ".zip", z.Close)
	}
	g, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, "", err
	}
	w := tar.NewWriter(g)
	for _, f := range files {
		h := &tar.Header{Name: folder + "/" + f.name, Mode: int64(f.mode), Size: int64(len(f.body)), ModTime: at, Format: tar.FormatPAX}
		if err := w.WriteHeader(h); err != nil {
			return nil, "", err
		}
		if _, err := w.Write(f.body); err != nil {
			return nil, "", err
		}
	}
	return finish(&out, ".tar.gz", w.Close, g.Close)
}

func finish(out *bytes.Buffer, ending string, closes ...func() error) ([]byte, string, error) {
	for _, end := range closes {
		if err := end(); err != nil {
			return nil, "", err
		}
	}
	return out.Bytes(), ending, nil
}
