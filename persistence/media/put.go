package media

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"gocloud.dev/blob"

	"recall/wire"
)

// put writes the blob. From the file itself the local bucket copies without a
// buffer of ours.
func (s *Store) put(ctx context.Context, m wire.Media, file *os.File) error {
	var client *s3.Client
	if s.bucket.As(&client) {
		return s.putS3(ctx, client, m, io.NewSectionReader(file, 0, m.Size))
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return s.bucket.Upload(ctx, key(m.ID), file, &blob.WriterOptions{ContentType: m.ContentType})
}

// putS3 sends the file in one request, read as it goes. The library's own way would
// take it into memory in pieces, 16 MiB and more for each upload.
func (s *Store) putS3(ctx context.Context, client *s3.Client, m wire.Media, body io.ReadSeeker) error {
	target, err := s.target(ctx, m)
	if err != nil {
		return err
	}
	_, err = client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: target.Bucket, Key: target.Key, ContentType: target.ContentType,
		ServerSideEncryption: types.ServerSideEncryption(target.ServerSideEncryption), SSEKMSKeyId: target.SSEKMSKeyID,
		Body: body, ContentLength: &m.Size,
	})
	return err
}

// errAsked ends a write that was begun only to see what the library would ask for.
var errAsked = errors.New("not to be written this way")

// target is the request as the library would send it, with all that Options.URL
// says about it: the bucket's name, a prefix, encryption.
func (s *Store) target(ctx context.Context, m wire.Media) (target *transfermanager.UploadObjectInput, err error) {
	_, err = s.bucket.NewWriter(ctx, key(m.ID), &blob.WriterOptions{
		ContentType: m.ContentType,
		BeforeWrite: func(as func(any) bool) error {
			as(&target)
			return errAsked
		},
	})
	if target == nil {
		return nil, err
	}
	return target, nil
}
