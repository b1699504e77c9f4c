package postgis

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"quanyu/spatial"
)

// mapError turns an error of the database into the house's vocabulary. What
// the server said goes into Err, for the log; Detail never has SQL, names of
// tables, or values. A context that was cancelled is returned as it is, since
// then nobody waits for the answer.
func mapError(ctx context.Context, err error) error {
	var known *spatial.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(ctx.Err(), context.Canceled), errors.Is(err, context.Canceled):
		return fmt.Errorf("given up: %w", context.Canceled)
	case errors.Is(ctx.Err(), context.DeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return &spatial.Error{Kind: spatial.Unavailable, Detail: "The database took longer than allowed.", Err: err}
	}
	var server *pgconn.PgError
	if errors.As(err, &server) {
		if isRoleMissing(err, server) {
			return &spatial.Error{Kind: spatial.Unavailable, Detail: "The database is not at the state that this program needs: run quanyu migrate.", Err: err}
		}
		kind, detail := mapState(server)
		return &spatial.Error{Kind: kind, Detail: detail, Err: err}
	}
	if isConnectionError(err) {
		return &spatial.Error{Kind: spatial.Unavailable, Detail: "The database cannot be reached.", Err: err}
	}
	return &spatial.Error{Kind: spatial.Internal, Detail: "The database gave an answer that was not expected.", Err: err}
}

// mapState maps a SQLSTATE (PostgreSQL documentation, appendix A).
func mapState(e *pgconn.PgError) (spatial.Kind, string) {
	switch e.Code {
	case "57014":
		return spatial.Unavailable, "The database took longer than allowed."
	case "40001", "40P01", "55P03":
		return spatial.Unavailable, "The database was busy with a change to the same data; try again."
	case "23505":
		return spatial.Conflict, "There is a row with the same id already."
	case "42P01", "42703", "42883", "3F000":
		return spatial.Unavailable, "The database is not at the state that this program needs: run quanyu migrate."
	case "42501", "25006":
		return spatial.Internal, "The database does not allow this."
	case "54000", "54001", "54011", "54023":
		return spatial.TooLarge, "The request is too complex for the database."
	}
	switch {
	case strings.HasPrefix(e.Code, "08"), strings.HasPrefix(e.Code, "53"), strings.HasPrefix(e.Code, "57P"), strings.HasPrefix(e.Code, "28"), strings.HasPrefix(e.Code, "3D"):
		return spatial.Unavailable, "The database cannot be reached or has no room."
	case strings.HasPrefix(e.Code, "22"):
		return spatial.Invalid, "A value is outside of what the database can hold."
	case strings.HasPrefix(e.Code, "23"):
		return spatial.Invalid, "A row breaks a rule of its collection."
	case isForeignSRID(e):
		return spatial.Unavailable, "The database is not at the state that this program needs: a geometry is not in EPSG:4326."
	case isProjectionError(e):
		return spatial.Unprocessable, "A coordinate lies outside of what the coordinate reference system can express."
	}
	return spatial.Internal, "The database refused the query."
}

// isRoleMissing: a session could not begin as its reader's role.
func isRoleMissing(err error, server *pgconn.PgError) bool {
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) && (server.Code == "22023" || server.Code == "42501")
}

// isProjectionError: PostGIS has no SQLSTATE of its own for what PROJ refuses.
func isProjectionError(e *pgconn.PgError) bool {
	return e.Code == "XX000" && strings.HasPrefix(e.Message, "transform:")
}

// isForeignSRID: a table that migrations did not make may hold another SRID
// than 4326, or none (0).
func isForeignSRID(e *pgconn.PgError) bool {
	return e.Code == "XX000" && (strings.Contains(e.Message, "mixed SRID") || strings.Contains(e.Message, "unknown (0) SRID"))
}

func isConnectionError(err error) bool {
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || strings.Contains(err.Error(), "conn closed")
}
