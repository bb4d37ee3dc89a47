#include "storage/uploads.hpp"

#include "storage/sql.hpp"

namespace storage {

std::optional<Upload> Uploads::find(const std::string& key) const
{
    Query row{tx, "SELECT key, digest, file, completed_at FROM uploads WHERE key = $1", key};
    if (!row.step())
        return std::nullopt;
    Upload upload;
    upload.key = row.text();
    upload.digest = row.text();
    upload.file = row.text();
    upload.completed_at = row.time();
    return upload;
}

void Uploads::save(const Upload& upload) const
{
    run(tx,
        "INSERT INTO uploads (key, digest, file, completed_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (key) DO UPDATE SET digest = excluded.digest, file = excluded.file, completed_at = excluded.completed_at",
        upload.key, upload.digest, upload.file, upload.completed_at);
}

void Uploads::forget(const std::string& key) const { run(tx, "DELETE FROM uploads WHERE key = $1", key); }

void Uploads::forget_strays() const { run(tx, "DELETE FROM uploads WHERE key NOT IN (SELECT key FROM outbox)"); }

} // namespace storage
