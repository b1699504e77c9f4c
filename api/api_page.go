package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

func (s *server) getAPI(c echo.Context) error {
	chosen, err := negotiate(c, formOpenAPI, formHTML)
	if err != nil {
		return err
	}
	if same, err := s.unchanged(c, chosen, false); same || err != nil {
		return err
	}
	if chosen.name == formHTML.name {
		return s.html(c, "api.html", view{Title: "API", TitleZH: "接口", Links: s.selfLinks(c, chosen, formOpenAPI, formHTML), Crumbs: s.crumbs(c, "api", "API 接口"),
			Body: map[string]any{"Note": responseNote, "Groups": s.apiGroups()}})
	}
	body, err := s.openAPIBody(s.base(c), s.document)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, mediaOpenAPI, body)
}

// apiGroup is the operations of one tag, for the page.
type apiGroup struct {
	Name   string
	Routes []apiRoute
}

type apiRoute struct{ Method, Path, Summary, Parameters string }

func (s *server) apiGroups() []apiGroup {
	var groups []apiGroup
	for _, r := range s.routes {
		i := slices.IndexFunc(groups, func(g apiGroup) bool { return g.Name == r.tag })
		if i < 0 {
			groups, i = append(groups, apiGroup{Name: r.tag}), len(groups)
		}
		groups[i].Routes = append(groups[i].Routes, apiRoute{r.method, r.path, r.summary, strings.Join(r.parameters, ", ")})
	}
	return groups
}

// getProblem explains a problem type, so that the URI in every error leads
// somewhere.
func (s *server) getProblem(c echo.Context) error {
	code := param(c, "code")
	i := slices.IndexFunc(problemKinds(), func(k problemKind) bool { return k.code == code })
	if i < 0 {
		return spatial.Errorf(spatial.NotFound, "There is no problem type %q.", clip(code))
	}
	kind := problemKinds()[i]
	chosen, err := negotiate(c, formJSON, formHTML)
	if err != nil {
		return err
	}
	if same, err := s.unchanged(c, chosen, false); same || err != nil {
		return err
	}
	if chosen.name == formHTML.name {
		return s.html(c, "links.html", view{Title: kind.title, TitleZH: strconv.Itoa(kind.status), Crumbs: s.crumbs(c), Body: map[string]any{"About": kind.about, "Links": nil}})
	}
	return c.JSON(http.StatusOK, map[string]any{"type": s.path(c, "problems", code), "title": kind.title, "status": kind.status, "description": kind.about})
}
