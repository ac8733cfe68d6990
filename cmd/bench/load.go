package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

const (
	readers = 16              // connections of a load
	span    = 2 * time.Second // of a load
)

// rate is answers per second to the requests that next gives each worker.
func rate(addr string, workers int, next func(worker, i int) request) (float64, error) {
	client := &fasthttp.HostClient{Addr: addr, MaxConns: workers, NoDefaultUserAgentHeader: true}
	defer client.CloseIdleConnections()
	var n atomic.Int64
	var wg sync.WaitGroup
	errs := make(chan error, workers)
	began := time.Now()
	for w := range workers {
		wg.Go(func() {
			req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
			defer fasthttp.ReleaseRequest(req)
			defer fasthttp.ReleaseResponse(res)
			last := ""
			for i := 0; time.Since(began) < span; i++ {
				q := next(w, i)
				if q.method != fasthttp.MethodGet || q.path != last {
					req.Reset()
					q.fill(req, addr)
					last = q.path
				}
				if err := client.Do(req, res); err != nil {
					errs <- err
					return
				}
				if res.StatusCode() != q.want {
					errs <- fmt.Errorf("%s %s: %d %s", q.method, q.path, res.StatusCode(), res.Body())
					return
				}
				n.Add(1)
			}
		})
	}
	wg.Wait()
	select {
	case err := <-errs:
		return 0, err
	default:
	}
	return float64(n.Load()) / time.Since(began).Seconds(), nil
}

func always(q request) func(int, int) request { return func(int, int) request { return q } }
