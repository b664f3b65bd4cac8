// Package media keeps what people upload: voice notes and pictures.
//
// The bytes lie in a bucket (gocloud.dev/blob): a local directory, or anything
// that speaks S3. What they are and whose stands in the table recall_media,
// which is the truth: a blob without a row is nobody's.
//
//	u, err := store.Begin(owner, &wire.MediaOpen{Kind: wire.InputVoice})
//	u.Write(chunk) // as often as chunks come: the bytes go to disk at once
//	stored, err := u.Finish(ctx, sha256)
//
// # What an upload leaves behind
//
// Nothing, until Finish succeeds. The bytes wait in a spool file that has no
// name any more, so that the system takes it back however the process ends.
// Finish judges them by their content, writes the blob, then the row. Where it
// is interrupted between the two, [Store.Sweep] removes the blob later.
//
// # Who may use what
//
// Media are the owner's alone: everybody else is told not_found, as for what does
// not exist. An upload that no message refers to is removed when it was not used
// for a day. The commit that writes the message marks the row as used, or fails with
// not_found when there is none any more: the lock on the row decides between it and
// the sweep. [Store.Use] only looks, early, for what would make that commit pointless.
//
// # Bounds
//
// 25 MiB an upload, 512 uploads open at a time, 256 of one user, 60 s without a
// byte. An open upload costs a file descriptor and about a kilobyte of memory, so
// the most that the spool takes is 12.5 GiB of disk. At most 8 blobs are written
// at a time; further ones wait.
//
// A Store is safe for use by many goroutines at once, and so is an Upload.
package media
