package osm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// once makes one request for what is missing and writes what arrives.
func (d *download) once(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.address, nil)
	if err != nil {
		return err
	}
	d.done = 0
	version, err := os.ReadFile(d.part + ".version")
	if info, statErr := os.Stat(d.part); err == nil && statErr == nil && len(version) > 0 && info.Size() > 0 {
		d.done = info.Size()
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", d.done))
		request.Header.Set("If-Range", string(version))
	}
	// A coded body has other bytes than the file.
	request.Header.Set("Accept-Encoding", "identity")
	response, err := d.client.Do(request)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%w: %w", errRetry, err)
	}
	defer response.Body.Close()
	if err := d.place(response); err != nil {
		return err
	}
	return d.copy(ctx, response)
}

// place decides from the answer's status where its bytes belong.
func (d *download) place(r *http.Response) error {
	switch {
	case r.StatusCode == http.StatusOK:
		d.done, d.total = 0, max(r.ContentLength, 0)
		if err := os.WriteFile(d.part, nil, 0o644); err != nil {
			return err
		}
		return os.WriteFile(d.part+".version", []byte(strongVersion(r.Header)), 0o644)
	case r.StatusCode == http.StatusPartialContent:
		start, total, ok := contentRange(r.Header.Get("Content-Range"))
		if !ok || start != d.done {
			return fmt.Errorf("%s: asked for bytes from %d, got Content-Range %q", d.shown, d.done, r.Header.Get("Content-Range"))
		}
		d.total = total
		return nil
	case r.StatusCode == http.StatusRequestedRangeNotSatisfiable && d.done > 0:
		// All of it was here already, or the file has become shorter: only a
		// fresh start can tell.
		if err := os.Remove(d.part + ".version"); err != nil {
			return err
		}
		return fmt.Errorf("%w: the server has no byte %d", errRetry, d.done)
	case r.StatusCode == http.StatusTooManyRequests || r.StatusCode >= 500:
		return fmt.Errorf("%w: the server answered %s", errRetry, r.Status)
	}
	return fmt.Errorf("%s: the server answered %s", d.shown, r.Status)
}

func (d *download) copy(ctx context.Context, r *http.Response) error {
	if d.total > maxDownload {
		return fmt.Errorf("%s: %d bytes; at most %d are fetched", d.shown, d.total, int64(maxDownload))
	}
	out, err := os.OpenFile(d.part, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.MultiWriter(out, d), io.LimitReader(r.Body, maxDownload-d.done))
	if closeErr := out.Close(); closeErr != nil {
		return closeErr
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && isFileError(err):
		return err
	case err != nil:
		return fmt.Errorf("%w: %w", errRetry, err)
	case d.total > 0 && d.done != d.total:
		return fmt.Errorf("%w: %d of %d bytes arrived", errRetry, d.done, d.total)
	}
	return nil
}

// Write counts the bytes that have reached the file.
func (d *download) Write(b []byte) (int, error) {
	d.done += int64(len(b))
	if d.progress != nil {
		d.progress(Progress{PhaseDownload, d.done, d.total})
	}
	return len(b), nil
}

func isFileError(err error) bool {
	var e *os.PathError
	return errors.As(err, &e)
}

// strongVersion is what If-Range may carry: a strong ETag, else the time of
// the last change, else nothing, and then the download cannot be resumed.
func strongVersion(h http.Header) string {
	if tag := h.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
		return tag
	}
	return h.Get("Last-Modified")
}

// contentRange reads "bytes 10-99/100"; the total is 0 for "*".
func contentRange(v string) (start, total int64, ok bool) {
	v, ok = strings.CutPrefix(v, "bytes ")
	span, size, found := strings.Cut(v, "/")
	first, _, dash := strings.Cut(span, "-")
	if !ok || !found || !dash {
		return 0, 0, false
	}
	start, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return 0, 0, false
	}
	if size != "*" {
		if total, err = strconv.ParseInt(size, 10, 64); err != nil {
			return 0, 0, false
		}
	}
	return start, total, true
}
