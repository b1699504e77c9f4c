package osm

import (
	"strings"
	"testing"
)

func TestDamagedXMLIsAnErrorThatSaysWhere(t *testing.T) {
	const head = "<osm version='0.6'>"
	node := "<node id='1' lat='1' lon='1'/>"
	whole := head + node + "</osm>"
	packed := zipped(t, whole)
	for name, c := range map[string]struct{ text, want string }{
		"no end":            {head + node, "truncated"},
		"cut in a tag":      {head + "<node id='1' lat='1", "truncated"},
		"cut in a value":    {head + "<node id='1></osm>", "ends inside a tag"},
		"cut in a comment":  {head + node + "<!-- </osm>", "truncated"},
		"cut gz":            {string(packed[:len(packed)-10]), "truncated"},
		"gz of a letter":    {string(zipped(t, "Dear Sir")), "no element osm"},
		"gz of a PBF":       {string(zipped(t, "\x00\x00\x00\x0d\x0a\x09OSMHeader")), "no element osm"},
		"bad gz":            {"\x1f\x8b\x08 and so on, which is no gz", "byte"},
		"bad bz2":           {"BZh9 and so on", "bzip2"},
		"xz":                {"\xfd7zXZ\x00", "xz"},
		"zstd":              {"\x28\xb5\x2f\xfd", "zstd"},
		"zip":               {"PK\x03\x04", "zip"},
		"o5m":               {"\xff\xe0\x04o5m2", "o5m"},
		"UTF-16":            {"\xff\xfe<\x00o\x00", "UTF-16"},
		"Latin 1":           {"<?xml version='1.0' encoding='ISO-8859-1'?>" + whole, "UTF-8"},
		"document type":     {"<?xml version='1.0'?><!DOCTYPE osm [<!ENTITY a 'aaaa'>]>" + whole, "document type"},
		"document type in":  {head + "<!DOCTYPE osm>" + node + "</osm>", "document type"},
		"CDATA":             {head + "<![CDATA[ <node> ]]>" + node + "</osm>", "CDATA"},
		"own entity":        {head + "<node id='1' lat='1' lon='1'><tag k='name' v='&lol;'/></node><way id='1'><tag k='highway' v='&lol;'/></way></osm>", "&lol"},
		"character 0":       {head + "<way id='1'><tag k='highway' v='&#0;'/></way></osm>", "&#0"},
		"instruction":       {head + "<?php x ?></osm>", "instruction"},
		"changes":           {"<osmChange version='0.6'><create></create></osmChange>", "changes"},
		"web page":          {"<html><body>404</body></html>", "no element osm"},
		"old version":       {"<osm version='0.5'></osm>", "0.5"},
		"empty root":        {"<osm version='0.6'/>", "no element osm"},
		"history":           {head + "<node id='1' visible='false'/></osm>", "former versions"},
		"stopped query":     {head + "<remark>runtime error: out of memory</remark></osm>", "remark"},
		"id":                {head + "<node id='x' lat='1' lon='1'/></osm>", "id"},
		"no latitude":       {head + "<node id='1' lon='1'/><way id='1'><nd ref='1'/><nd ref='2'/><tag k='highway' v='road'/></way></osm>", "coordinate"},
		"ref":               {head + "<way id='1'><nd ref='1.5'/></way></osm>", "ref"},
		"member of no kind": {head + "<relation id='1'><member type='area' ref='1' role=''/></relation></osm>", "type"},
		"crossed tags":      {head + "<way id='1'><nd ref='1'></way></nd></osm>", "XML"},
		"object in object":  {head + "<way id='1'></node></osm>", "not well formed"},
		"second end":        {head + "</osm></osm>", "closes nothing"},
		"no quotes":         {head + "<node id=1 /></osm>", "not well formed"},
		"no objects at all": {head + strings.Repeat(" ", maxChunk+chunkSize) + "</osm>", "without the start"},
		"endless comment":   {head + "<!--" + strings.Repeat("x", maxChunk+chunkSize), "without the start"},
	} {
		_, err := readBytes([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "byte ") {
			t.Errorf("%s: %v, want %q and the byte", name, err, c.want)
		}
	}
}

// A small file that unpacks to a big one is given up, not followed.
func TestXMLBombsAreRefused(t *testing.T) {
	line := "<node id='1' lat='1' lon='1'/>" + strings.Repeat(" ", 50_000)
	text := "<osm version='0.6'>" + strings.Repeat(line, 2*freeBytes/len(line)) + "</osm>"
	_, err := readBytes(zipped(t, text))
	if err == nil || !strings.Contains(err.Error(), "which no map does") {
		t.Errorf("%v", err)
	}
}
