package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"parley/internal/app"
	"parley/internal/demo"
)

type demoCmd struct {
	DemoListen string `help:"Address of the demo's news site." env:"PARLEY_DEMO_LISTEN" default:"127.0.0.1:8081"`
}

// Run serves the demo until a signal comes.
func (c *demoCmd) Run(s *app.Settings) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return demo.Run(ctx, s, c.DemoListen)
}
