// Command quanyu is the spatial-planning backend: it starts its database,
// loads the facts it ships, serves maps, features and processes, and answers
// the same questions on the terminal.
//
// The files here are the grammar of the command line, one file a command, and
// the only place where rooms of the house are wired together: what each room
// is for is told in spatial/doc.go.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"quanyu/spatial"
)

// Exit codes, as the public contract fixes them.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// version is set by the linker from the release or commit being built.
var version = "dev"

// usageError is a fault of the command line that its grammar cannot see.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

type commandLine struct {
	settings

	Up      upCommand      `cmd:"" help:"Start everything: database, schema, facts, summary, server."`
	Serve   serveCommand   `cmd:"" help:"Serve a database that is already migrated and seeded."`
	Work    workCommand    `cmd:"" help:"Work jobs in the background, beside any number of servers and other workers."`
	Migrate migrateCommand `cmd:"" help:"Bring the schema of the database up to date."`
	Seed    seedCommand    `cmd:"" help:"Load the facts and the condensed road network shipped with the product."`
	DB      dbCommand      `cmd:"" name:"db" help:"Run the embedded database by itself."`
	Import  importCommand  `cmd:"" help:"Bring your own data."`
	Network networkCommand `cmd:"" help:"Work on road networks."`
	Tiles   tilesCommand   `cmd:"" help:"Take tiles out of the database."`
	Border  borderCommand  `cmd:"" help:"Work on the land border."`
	Key     keyCommand     `cmd:"" help:"Make, list and end API keys."`
	Process processCommand `cmd:"" help:"Run a process and print its result."`
	Health  healthCommand  `cmd:"" help:"Ask a running server whether it is ready."`
	OpenAPI openapiCommand `cmd:"" name:"openapi" help:"Print the OpenAPI document of the server."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() { // a second signal ends the program at once
		<-ctx.Done()
		stop()
	}()
	code := run(ctx, os.Args[1:], newTerminal(os.Stdin, os.Stdout, os.Stderr))
	stop()
	os.Exit(code)
}

// run is the whole program short of the process around it, so that tests can
// call it: arguments in, exit code out. Whoever can run it reaches the database
// itself, and so is an admin.
func run(ctx context.Context, args []string, term *terminal) int {
	ctx = spatial.WithCaller(ctx, spatial.System())
	var cli commandLine
	exited := -1
	parser, err := kong.New(&cli,
		kong.Name("quanyu"),
		kong.Description("Spatial planning over PostGIS: collections, processes with their evidence, and tiles."),
		kong.DefaultEnvars("QUANYU"),
		kong.Writers(term.out, term.err),
		kong.Exit(func(code int) { exited = code }),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(term),
	)
	if err != nil {
		term.fail(err)
		return exitFailed
	}
	command, err := parser.Parse(args)
	if exited >= 0 { // --help
		return exited
	}
	if err != nil {
		parser.Errorf("%s", err)
		fmt.Fprintln(term.err, "Run quanyu --help to see the commands, or add --help to one of them.")
		return exitUsage
	}
	err = command.Run(&cli.settings)
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, new(usageError)):
		term.fail(err)
		return exitUsage
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		term.note("Stopped.")
		return exitFailed
	default:
		term.fail(err)
		return exitFailed
	}
}
