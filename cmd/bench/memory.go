package main

import "time"

// quietFor is how long an idle server is left alone before it is weighed.
const quietFor = time.Second

// memory weighs a server that nobody asks anything, beside a bare Fiber one,
// and times both from exec to their first answer.
func memory(w *world, rep *report) error {
	took := func(start func() (*server, error)) (s *server, ms float64, err error) {
		began := time.Now()
		s, err = start()
		return s, float64(time.Since(began).Microseconds()) / 1000, err
	}
	b, bareStart, err := took(func() (*server, error) { return w.bare("http", []byte("{}")) })
	if err != nil {
		return err
	}
	defer b.stop()
	s, start, err := took(w.serve)
	if err != nil {
		return err
	}
	defer s.stop()
	time.Sleep(quietFor)
	const mib = 1 << 20
	rep.add(figure{"start to the first answer (limit: bare Fiber)", "ms", start, bareStart, "<= 30 ms"})
	rep.add(figure{"idle server: memory of its own, RssAnon", "MiB", s.anon() / mib, b.anon() / mib, "<= 16 MiB"})
	rep.add(figure{"idle server: mapped files, RssFile", "MiB", s.file() / mib, b.file() / mib, ""})
	rep.add(figure{"idle server: both, RSS", "MiB", s.rss() / mib, b.rss() / mib, "<= 32 MiB"})
	return nil
}
