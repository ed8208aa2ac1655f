REVOKE INSERT ON told FROM stoa_app;
