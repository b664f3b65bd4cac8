package media

import (
	"context"
	"errors"
	"net/url"
	"os"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"

	// The scheme s3:// of Options.URL.
	_ "gocloud.dev/blob/s3blob"
)

// privateDir is the mode of directories with people's recordings.
const privateDir os.FileMode = 0o700

func openBucket(ctx context.Context, o Options) (*blob.Bucket, error) {
	switch {
	case o.URL != "":
		return openURL(ctx, o.URL)
	case o.Dir == "":
		return nil, errors.New("neither a URL nor a directory is given")
	}
	return fileblob.OpenBucket(o.Dir, &fileblob.Options{
		CreateDir:   true,
		DirFileMode: privateDir,
		NoTempDir:   true, // a rename works within one file system only
		Metadata:    fileblob.MetadataDontWrite,
	})
}

// plain are parameters that an s3:// address gets where it does not say otherwise:
// no checksums beyond what signing needs, as many services beside Amazon's know none.
var plain = []string{"request_checksum_calculation", "response_checksum_validation"}

func openURL(ctx context.Context, address string) (*blob.Bucket, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if u.Scheme == "s3" {
		query := u.Query()
		for _, name := range plain {
			if !query.Has(name) {
				query.Set(name, "when_required")
			}
		}
		u.RawQuery = query.Encode()
	}
	return blob.OpenBucket(ctx, u.String())
}
