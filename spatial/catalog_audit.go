package spatial

// AuditLogID is the collection of what was changed, which the store appends to
// by itself.
const AuditLogID = "audit-log"

func auditLog() Collection {
	return Collection{
		ID: AuditLogID, Title: "Audit log", TitleZH: "审计日志",
		Description: "Who changed what and when, with the row before and after. Entries are appended by the database itself and never changed.",
		AdminsOnly:  true,
		Properties: []Property{
			{Name: "at", Type: Timestamp, Description: "When the change was made."},
			{Name: "caller", Type: String, Description: "Id of who made it; database:… for a change by SQL outside of the program."},
			{Name: "caller_name", Type: String, Description: "Name of who made it."},
			{Name: "request_id", Type: String, Description: "Id of the request, as the log of requests has it."},
			{Name: "collection", Type: String, Description: "Collection that changed."},
			{Name: "feature_id", Type: String, Description: "Id of the feature; null for an entry on many."},
			{Name: "action", Type: String, Enum: []string{"create", "update", "delete", "truncate"}, Description: "What was done."},
			{Name: "loader", Type: String, Description: "Loader whose rows changed, in an entry on many."},
			{Name: "rows", Type: Integer, Description: "How many rows the entry is on."},
			{Name: "before", Type: JSON, Description: "The row as it was, by columns; null where it is new, and in an entry on many."},
			{Name: "after", Type: JSON, Description: "The row as it became; null where it is gone, and in an entry on many."},
		},
	}
}
