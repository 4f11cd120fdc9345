#include "cmd/import/input/media.h"

#include "tests/tap.h"

static void is_media(const char *name, const char *bytes, const char *want)
{
	is_str(media_of_file(name, span_str(bytes)), want, want);
}

int main(void)
{
	is_media("a/b.png", "", "image/png");
	is_media("B.JPG", "GIF89a", "image/jpeg");
	is_media(".txt", "", "text/plain");
	is_media("x.dat", "\x89PNG\r\n", "image/png");
	is_media("x.dat", "RIFF1234WEBPVP8", "image/webp");
	is_media("x.dat", "RIFF1234WAVE", "audio/wav");
	is_media("x.dat", "RIFF1234WAV", "application/octet-stream");
	is_media("x", "....ftypM4A ", "audio/mp4");
	is_media("x", "....ftypisom", "video/mp4");
	is_media("png", "%PDF-1.7", "application/pdf");
	is_media("", "", "application/octet-stream");
	return done_testing();
}
