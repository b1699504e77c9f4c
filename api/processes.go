package api

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
	"quanyu/spatial/analysis"
)

const relExecute = relOGC + "execute"

// responseNote states how we differ from the standard, whose default is raw.
const responseNote = "Deviation from OGC API - Processes 1.0: the member `response` of an execute request defaults to `document`; `raw` unwraps a single output."

func (s *server) process(c echo.Context) (analysis.Process, error) {
	id := param(c, "processID")
	p, ok := analysis.ProcessByID(s.cfg.Processes, id)
	if !ok {
		return nil, &refusal{status: http.StatusNotFound, code: "no-such-process", detail: "There is no process " + strconv.Quote(clip(id)) + "; /processes lists them.",
			faults:  []spatial.Fault{{Parameter: "processID", Detail: "names no process", Allowed: s.processIDs()}},
			typeURI: typeBase + "no-such-process"}
	}
	return p, nil
}

func (s *server) processIDs() []string {
	ids := make([]string, len(s.cfg.Processes))
	for i, p := range s.cfg.Processes {
		ids[i] = p.Spec().ID
	}
	return ids
}

// getProcesses lists processes, at most limit of them from the one after
// cursor on.
func (s *server) getProcesses(c echo.Context) error {
	offers := []form{formJSON, formHTML}
	chosen, err := negotiate(c, offers...)
	if err != nil {
		return err
	}
	q := newQuery(c)
	limit := readLimit(q)
	after, _ := q.get("cursor")
	if err := spatial.JoinFaults(q.errs...); err != nil {
		return err
	}
	if same, err := s.unchanged(c, chosen, false); same || err != nil {
		return err
	}
	links := s.selfLinks(c, chosen, offers...)
	list := []map[string]any{}
	started := after == ""
	for _, p := range s.cfg.Processes {
		spec := p.Spec()
		if started && len(list) == limit {
			links = append(links, link{Href: s.self(c, "cursor", list[limit-1]["id"].(string)), Rel: "next", Type: chosen.media, Title: "Next page"})
			break
		}
		if started {
			list = append(list, s.summary(c, spec))
		}
		started = started || spec.ID == after
	}
	if chosen.name == formHTML.name {
		return s.html(c, "processes.html", view{Title: "Processes", TitleZH: "分析过程", Links: links, Crumbs: s.crumbs(c, "processes", "Processes 分析过程"),
			Body: map[string]any{"Base": s.path(c, "processes"), "Processes": list}})
	}
	return c.JSON(http.StatusOK, map[string]any{"processes": list, "links": links})
}

func (s *server) getProcess(c echo.Context) error {
	p, err := s.process(c)
	if err != nil {
		return err
	}
	chosen, err := negotiate(c, formJSON, formHTML)
	if err != nil {
		return err
	}
	if same, err := s.unchanged(c, chosen, false); same || err != nil {
		return err
	}
	spec := p.Spec()
	about := s.summary(c, spec)
	if chosen.name == formHTML.name {
		return s.html(c, "process.html", view{Title: spec.Title, TitleZH: spec.TitleZH, Links: about["links"].([]link), Body: spec,
			Crumbs: s.crumbs(c, "processes", "Processes 分析过程", spec.ID, spec.Title)})
	}
	inputs, outputs := ordered{}, ordered{}
	for _, in := range spec.Inputs {
		least := 0
		if in.Required {
			least = 1
		}
		inputs = append(inputs, member{in.ID, map[string]any{"title": in.Title, "description": in.Description, "schema": in.Schema, "minOccurs": least, "maxOccurs": 1}})
	}
	for _, out := range spec.Outputs {
		outputs = append(outputs, member{out.ID, map[string]any{"title": out.Title, "description": out.Description, "schema": outputSchema(out)}})
	}
	about["inputs"], about["outputs"] = inputs, outputs
	if len(spec.Examples) > 0 {
		examples := []map[string]any{}
		for _, e := range spec.Examples {
			examples = append(examples, map[string]any{"title": e.Title, "request": map[string]any{"inputs": e.Inputs}})
		}
		about["examples"] = examples
	}
	return c.JSON(http.StatusOK, about)
}

// jobControl lists how processes may be executed.
func (s *server) jobControl() []string {
	if s.cfg.Jobs == nil {
		return []string{"sync-execute"}
	}
	return []string{"sync-execute", "async-execute", "dismiss"}
}

// ordered is an object whose members keep their order: that of inputs and
// outputs is the one in which people, and the OGC's suite, take them.
type ordered []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in order.
func (o ordered) MarshalJSON() ([]byte, error) {
	body := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			body = append(body, ',')
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		body = append(append(append(body, mustJSON(m.name)...), ':'), value...)
	}
	return append(body, '}'), nil
}

// outputSchema tells the media type of an output beside its schema.
func outputSchema(out analysis.OutputSpec) map[string]any {
	schema := map[string]any{}
	for name, value := range out.Schema {
		schema[name] = value
	}
	schema["contentMediaType"] = out.MediaType
	return schema
}

// summary is a process as the list shows it.
func (s *server) summary(c echo.Context, spec analysis.Spec) map[string]any {
	at := s.path(c, "processes", spec.ID)
	return map[string]any{
		"id": spec.ID, "title": spec.Title, "title_zh": spec.TitleZH, "description": spec.Description + "\n\n" + responseNote,
		"version": spec.Version, "jobControlOptions": s.jobControl(), "outputTransmission": []string{"value"},
		"links": []link{
			{Href: at, Rel: "self", Type: mediaJSON, Title: "Description"},
			{Href: at + "?f=html", Rel: "alternate", Type: mediaHTML, Title: "Description as html"},
			{Href: at + "/execution", Rel: relExecute, Type: mediaJSON, Title: "Execute"},
		},
	}
}
