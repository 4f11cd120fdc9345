#!/bin/sh
pkg-config --libs $(shift; echo "$@")
