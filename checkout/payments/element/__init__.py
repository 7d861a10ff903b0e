"""The provider's card fields on a page of ours: beside the hosted page, for shops that switch it on."""
