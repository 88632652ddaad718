#!/bin/sh
# Deploy a version: lean-mlops deploy churn 2 --env prod --run "sh deploy.sh"
# Lean MLOps Workbench says what is to be deployed by LEAN_ARTIFACT, LEAN_VERSION and LEAN_ENVIRONMENT.
set -eu

place="deployed/$LEAN_ENVIRONMENT"
rm -rf "$place.new"
mkdir -p "$place.new"
cp -R "$LEAN_ARTIFACT" "$place.new/model"
echo "$LEAN_VERSION" > "$place.new/VERSION"
rm -rf "$place"
mv "$place.new" "$place"
echo "$LEAN_VERSION is in $place"
