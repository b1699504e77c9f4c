package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// Writer is what api needs of the store to write features (OGC API - Features -
// Part 4). Each call is atomic, and what it acknowledges is seen by every later
// request.
type Writer interface {
	// Create adds a feature, Conflict when its id is or was taken.
	Create(ctx context.Context, c spatial.Collection, d spatial.Draft) (spatial.Written, error)
	// Update gives change the row as it is, with its geometry in crs, and stores
	// what change makes of it; nobody writes the feature in between.
	Update(ctx context.Context, t spatial.Target, crs spatial.CRS, change func(spatial.ItemRow) (spatial.Draft, error)) (spatial.Written, error)
	// Remove takes a feature away.
	Remove(ctx context.Context, t spatial.Target) error
}

// mayWrite says whether the request's caller may write to the collection. It
// comes before the media type and the body are looked at, so that strangers
// learn nothing of either.
func (s *server) mayWrite(c echo.Context, one spatial.Collection) error {
	if err := s.needsRole(c, spatial.Planner); err != nil {
		return err
	}
	return needsScope(callerOf(c), "write:"+one.ID)
}

// writable finds the collection that the path names, for a caller who may
// write to it.
func (s *server) writable(c echo.Context) (spatial.Collection, error) {
	collection, err := s.collection(c)
	if err != nil {
		return collection, err
	}
	if !s.takesWrites(collection) {
		return collection, s.notAllowed(c)
	}
	return collection, s.mayWrite(c, collection)
}

func (s *server) takesWrites(c spatial.Collection) bool { return c.Writable && s.cfg.Writer != nil }

// postItem adds a feature.
func (s *server) postItem(c echo.Context) error {
	collection, err := s.writable(c)
	if err != nil {
		return err
	}
	body, crs, err := readFeature(c, collection, mediaGeoJSON, mediaJSON)
	if err != nil {
		return err
	}
	draft, err := parseFeature(body, collection, crs)
	if err != nil {
		return err
	}
	if draft.ID == "" {
		draft.ID = newFeatureID(s.cfg.Now())
	}
	if _, said := draft.Properties["visibility"]; !said && s.cfg.Loopback {
		draft.Properties["visibility"] = "public" // on one's own machine there is nobody to hide it from
	}
	done, err := s.cfg.Writer.Create(c.Request().Context(), collection, draft)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Location", s.whereIs(c, collection, draft.ID, done))
	h.Set("ETag", versionTag(done.Version))
	return c.NoContent(http.StatusCreated)
}

// whereIs is the address of a feature that was just written. One that is not in
// force today is found by a day on which it is.
func (s *server) whereIs(c echo.Context, collection spatial.Collection, id string, done spatial.Written) string {
	at := s.path(c, "collections", collection.ID, "items", id)
	today, err := time.Parse(time.DateOnly, s.today())
	if err != nil {
		panic(err) // it was written by the same layout
	}
	switch {
	case done.ValidFrom != nil && done.ValidFrom.After(today):
		return at + "?datetime=" + url.QueryEscape(done.ValidFrom.Format(time.DateOnly))
	case done.ValidTo != nil && !done.ValidTo.After(today):
		return at + "?datetime=" + url.QueryEscape(done.ValidTo.AddDate(0, 0, -1).Format(time.DateOnly))
	}
	return at
}

// putItem replaces a feature that is there. An id that nobody has is not found:
// whoever chooses ids posts them, and a mistyped address makes no feature. The
// answer has no ETag, since what is stored is not the body byte for byte (RFC
// 9110, 9.3.4).
func (s *server) putItem(c echo.Context) error {
	target, err := s.target(c)
	if err != nil {
		return err
	}
	body, crs, err := readFeature(c, target.Collection, mediaGeoJSON, mediaJSON)
	if err != nil {
		return err
	}
	draft, err := parseFeature(body, target.Collection, crs)
	if err != nil {
		return err
	}
	if err := sameID(draft.ID, target.ID); err != nil {
		return err
	}
	_, err = s.cfg.Writer.Update(c.Request().Context(), target, crs, func(spatial.ItemRow) (spatial.Draft, error) { return draft, nil })
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// patchItem merges members into a feature (RFC 7396).
func (s *server) patchItem(c echo.Context) error {
	c.Response().Header().Set("Accept-Patch", mediaMergePatch)
	target, err := s.target(c)
	if err != nil {
		return err
	}
	patch, crs, err := readFeature(c, target.Collection, mediaMergePatch)
	if err != nil {
		return err
	}
	done, err := s.cfg.Writer.Update(c.Request().Context(), target, crs, func(row spatial.ItemRow) (spatial.Draft, error) {
		merged, err := mergeFeature(row, patch)
		if err != nil {
			return spatial.Draft{}, err
		}
		draft, err := parseFeature(merged.body, target.Collection, crs)
		if err != nil {
			return spatial.Draft{}, err
		}
		draft.KeepGeometry = !merged.geometry
		return draft, sameID(draft.ID, target.ID)
	})
	if err != nil {
		return err
	}
	c.Response().Header().Set("ETag", versionTag(done.Version))
	return c.NoContent(http.StatusNoContent)
}

// deleteItem takes a feature away.
func (s *server) deleteItem(c echo.Context) error {
	target, err := s.target(c)
	if err != nil {
		return err
	}
	if err := s.cfg.Writer.Remove(c.Request().Context(), target); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func sameID(given, id string) error {
	if given != "" && given != id {
		return spatial.BadField("/id", "differs from the id in the address", []string{id})
	}
	return nil
}

// target reads which row a request is about, and what it expects of it.
func (s *server) target(c echo.Context) (spatial.Target, error) {
	collection, err := s.writable(c)
	if err != nil {
		return spatial.Target{}, err
	}
	t := spatial.Target{Collection: collection, ID: param(c, "featureId"), If: precondition(c.Request().Header)}
	q := newQuery(c)
	if text, ok := q.get("datetime"); ok {
		t.AsOf, err = parseAsOf(text)
		q.add(err)
	}
	return t, q.finish()
}

// precondition reads If-Match and If-None-Match. The tags of one row's
// representations all begin with its version, so a tag is good whatever form,
// coding or CRS the feature was read in.
func precondition(h http.Header) spatial.Precondition {
	match, anyMatch := versions(h.Values("If-Match"))
	none, anyNone := versions(h.Values("If-None-Match"))
	p := spatial.Precondition{NoneMatch: none, Absent: anyNone}
	if len(h.Values("If-Match")) > 0 && !anyMatch {
		p.Match = match
	}
	return p
}

// versions are the row versions in headers of tags, and whether one is "*". A
// tag that is none of ours has a version that no row has.
func versions(headers []string) (list []int64, wildcard bool) {
	list = []int64{}
	for _, tag := range strings.Split(strings.Join(headers, ","), ",") {
		tag = strings.TrimSpace(tag)
		if tag == "*" {
			wildcard = true
		}
		text, _, _ := strings.Cut(strings.Trim(strings.TrimPrefix(tag, "W/"), `"`), "-")
		if v, err := strconv.ParseInt(text, 10, 64); err == nil {
			list = append(list, v)
		}
	}
	return list, wildcard
}

// versionTag is the tag of a row without one of its representations.
func versionTag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }
